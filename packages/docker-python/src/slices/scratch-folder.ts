import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder with copies of some files. */
export interface ScratchFolder {
  /** Absolute. */
  readonly root: string;
  /** Text of a file in it, or undefined if there is none. */
  read(path: string): string | undefined;
}

/**
 * Works in a temporary folder, which is gone afterwards: exporters see exactly the files that they are given, as the
 * caller has them, and leave nothing in the workspace.
 *
 * @param texts relative path to text
 */
export async function inScratchFolder<T>(
  texts: Readonly<Record<string, string>>,
  work: (folder: ScratchFolder) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'docker-python-slice-'));
  try {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return await work({ root, read: (path) => textOf(join(root, path)) });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
