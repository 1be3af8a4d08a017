import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { NEVER } from './default-exclusions';
import { dockerignoreRules } from './dockerignore';
import { isBelow } from './paths';

/**
 * What .gitignore and .nxignore exclude, as lines of a .dockerignore. Nx does not hash those files, so they
 * must not be sent either. Sources: gitignore(5); the pattern rules of BuildKit's .dockerignore.
 */
export function ignoredPatterns(files: FileSource, trees: readonly string[]): readonly string[] {
  const folders = [...new Set(trees.flatMap(ancestors))];
  const lines = folders.flatMap((folder) =>
    ['.gitignore', '.nxignore'].flatMap((name) => {
      const lines = files.read(posix.join(folder, name))?.split(/\r?\n/) ?? [];
      const reached = trees.filter((tree) => isBelow(tree, folder));
      return lines.flatMap((line) => [...new Set(reached.flatMap((tree) => translate(line, folder, tree)))]);
    }),
  );
  return lines.filter((line, at) => !line.startsWith('!') || bringsBack(line, lines.slice(0, at)));
}

/** Files that are never sent, by their names. */
const NEVER_FILES = NEVER.filter((pattern) => !pattern.endsWith('/**'));

/**
 * Whether a re-inclusion can bring back a file: one that something before it ignores by its name (git brings back
 * nothing below an ignored folder), and that is sent at all. With a single one that has a wildcard, such as the
 * usual `!.env.example`, BuildKit looks into every folder of the workspace. Source: fsutil, filter.go.
 */
function bringsBack(line: string, before: readonly string[]): boolean {
  const name = posix.basename(line);
  if (!/[*?[]/.test(line) || /[*?[\\]/.test(name)) return true;
  const ignores = (pattern: string): boolean => !dockerignoreRules(posix.basename(pattern)).sends(name);
  return before.some((other) => !other.startsWith('!') && ignores(other)) && !NEVER_FILES.some(ignores);
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
