/** Where records lie, from the workspace. Apart from their schemas, which the graph has no use for on every command. */

/** The stage that is shipped. */
export const SHIPPED = 'runtime';

/** The root of a project as outputs of Nx name it: the same words for every project that is not the workspace's own root. */
export function rootInOutputs(root: string): string {
  return root === '.' ? root : '{projectRoot}';
}

/** Folder of the records of a project. */
export function recordFolder(root: string): string {
  return root === '.' ? 'dist/docker-python' : `dist/docker-python/${root}`;
}

/**
 * Place of a project's image record. Each target has its own, so that what Nx keeps as the output of one never
 * overwrites that of another.
 *
 * @param target stage of the Dockerfile, or a placeholder that Nx fills in
 */
export function recordPath(root: string, target: string): string {
  return `${recordFolder(root)}/image.${target}.json`;
}

/** Place of a project's test record. */
export function testRecordPath(root: string): string {
  return `${recordFolder(root)}/smoke-test.json`;
}

/** Place of a project's push record. */
export function pushRecordPath(root: string): string {
  return `${recordFolder(root)}/push.json`;
}
