/** Workspace-relative folder of the records of a project. */
export function recordFolder(root: string): string {
  return root === '.' ? 'dist/docker-python' : `dist/docker-python/${root}`;
}
