/** The stage that is shipped. */
export const SHIPPED = 'runtime';

/**
 * Workspace-relative place of a project's image record. Each target has its own, so that what Nx keeps as the output
 * of one never overwrites that of another.
 *
 * @param target stage of the Dockerfile, or a placeholder that Nx fills in
 */
export function recordPath(root: string, target: string): string {
  return `${folderOf(root)}/image.${target}.json`;
}

/** Workspace-relative place of a project's test record. */
export function testRecordPath(root: string): string {
  return `${folderOf(root)}/smoke-test.json`;
}

/** Workspace-relative place of a project's push record. */
export function pushRecordPath(root: string): string {
  return `${folderOf(root)}/push.json`;
}

function folderOf(root: string): string {
  return root === '.' ? 'dist/docker-python' : `dist/docker-python/${root}`;
}
