/** The stage that is shipped. */
export const SHIPPED = 'runtime';

/**
 * Workspace-relative place of a project's image record. Each target has its own, so that what Nx keeps as the output
 * of one never overwrites that of another.
 *
 * @param target stage of the Dockerfile, or a placeholder that Nx fills in
 */
export function recordPath(root: string, target: string): string {
  const folder = root === '.' ? 'dist/docker-python' : `dist/docker-python/${root}`;
  return `${folder}/image.${target}.json`;
}
