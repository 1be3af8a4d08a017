import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { isBelow } from './paths';

/**
 * What .gitignore and .nxignore exclude, as lines of a .dockerignore. Nx does not hash those files, so they
 * must not be sent either. Sources: gitignore(5); the pattern rules of BuildKit's .dockerignore.
 */
export function ignoredPatterns(files: FileSource, trees: readonly string[]): readonly string[] {
  const folders = [...new Set(trees.flatMap(ancestors))];
  return folders.flatMap((folder) =>
    ['.gitignore', '.nxignore'].flatMap((name) => {
      const lines = files.read(posix.join(folder, name))?.split(/\r?\n/) ?? [];
      const reached = trees.filter((tree) => isBelow(tree, folder));
      return lines.flatMap((line) => [...new Set(reached.flatMap((tree) => translate(line, folder, tree)))]);
    }),
  );
}

/** `.`, `apps`, `apps/api` for `apps/api`. */
function ancestors(root: string): readonly string[] {
  if (root === '.') return ['.'];
  const parts = root.split('/');
  return ['.', ...parts.map((_, i) => parts.slice(0, i + 1).join('/'))];
}

function translate(line: string, folder: string, root: string): readonly string[] {
  const trimmed = line.replace(/(?<!\\)\s+$/, '');
  if (trimmed === '' || trimmed.startsWith('#')) return [];
  const negated = trimmed.startsWith('!');
  const body = trimmed
    .slice(negated ? 1 : 0)
    .replace(/\/+$/, '')
    .replace(/\[!/g, '[^');
  const escaped = body.replace(/[+(){}|^$]/g, (char, at: number) =>
    char === '^' && body[at - 1] === '[' ? char : `\\${char}`,
  );
  // "A pattern with a slash at the beginning or in the middle is relative to the folder of its file."
  const fixed = escaped.includes('/') ? escaped.replace(/^\//, '') : `**/${escaped}`;
  const pattern = folder === '.' ? fixed : `${folder}/${fixed}`;
  if (!negated) return [pattern];
  // A re-inclusion may only reach the project: everything else is outside of the allowlist and stays there.
  const scoped = pattern.startsWith('**/') && root !== '.' ? `${root}/${pattern}` : pattern;
  if (`${root}/`.startsWith(`${scoped}/`)) return [`!${root}`];
  return root === '.' || scoped.startsWith(`${root}/`) ? [`!${scoped}`] : [];
}
