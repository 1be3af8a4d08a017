import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes what a run made, after all of it was made. Files that are there keep their owner and mode; new ones belong to
 * whoever runs this, since no container writes them.
 *
 * @param texts workspace-relative path to text
 * @param gone workspace-relative paths of files to remove
 */
export function writeFiles(
  workspaceRoot: string,
  texts: ReadonlyMap<string, string>,
  gone: readonly string[],
): void {
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(workspaceRoot, path)), { recursive: true });
    writeFileSync(join(workspaceRoot, path), text);
  }
  for (const path of gone) rmSync(join(workspaceRoot, path), { force: true });
}
