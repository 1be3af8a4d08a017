import { posix } from 'node:path';
import type { PythonTree } from '../python-source';

/** Other folders that scripts are kept in, project-relative. */
const SCRIPT_FOLDERS = [
  'docker',
  'scripts',
  'script',
  'bin',
  'deploy',
  'deployment',
  'compose',
  'ops',
  '.docker',
  'build',
];

/**
 * The file of the project that a path in an image or relative to somewhere means: the longest end of the path
 * that exists in the project, else a script of that name in one of the usual folders.
 *
 * @param copies where a Dockerfile puts files: target in the image to source in the context
 */
export function projectFile(
  tree: PythonTree,
  path: string,
  copies: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  if (path === '' || path.length > 400 || path.includes('\0')) return undefined;
  const plain = posix.normalize(path.replaceAll('\\', '/'));
  const copied = copies.get(plain) ?? copies.get(plain.replace(/^\/+/, '/'));
  for (const start of copied === undefined ? [plain] : [copied, plain]) {
    const parts = start.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
    for (let skip = 0; skip < parts.length; skip++) {
      const candidate = parts.slice(skip).join('/');
      for (const base of ['.', ...tree.sourceRoots.filter((root) => root !== '.')]) {
        const full = base === '.' ? candidate : `${base}/${candidate}`;
        if (isFile(tree, full)) return full;
      }
    }
  }
  const name = posix.basename(plain);
  return /\.sh$|^[\w-]+$/.test(name)
    ? SCRIPT_FOLDERS.map((folder) => `${folder}/${name}`).find((candidate) => isFile(tree, candidate))
    : undefined;
}

function isFile(tree: PythonTree, path: string): boolean {
  return tree.exists(path) && tree.read(path) !== undefined;
}
