import { DockerPythonError } from '../errors';

/** Workspace-relative paths, and patterns that are paths up to their first wildcard. */

/** Everything below a folder, as a pattern. */
export function below(folder: string): string {
  return within(folder, '**');
}

/** True for `root` itself and everything below it. */
export function isBelow(path: string, root: string): boolean {
  return root === '.' || path === root || path.startsWith(`${root}/`);
}

/** A pattern of a project, from the workspace. */
export function within(root: string, pattern: string): string {
  return root === '.' ? pattern : `${root}/${pattern}`;
}

/** A path of the workspace, from a project that contains it; others stay as they are. */
export function relativeTo(path: string, root: string): string {
  return root !== '.' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

/** Top folders and files that a walk for these patterns has to start from. */
export function rootsOf(patterns: readonly string[]): readonly string[] {
  const starts = patterns.map((pattern) => {
    const fixed = pattern.split('/').slice(0, firstWildcard(pattern));
    return fixed.join('/') || '.';
  });
  return [...new Set(starts)].filter(
    (start, _, all) => !all.some((other) => other !== start && isBelow(start, other)),
  );
}

const UNSAFE_ROOT = /[^\w.@/-]/u;

/** @throws DockerPythonError UNSUPPORTED_PATH */
export function checkRoot(root: string): void {
  checkPath(root, 'project folder');
}

/** @throws DockerPythonError UNSUPPORTED_PATH */
export function checkPath(path: string, what: string): void {
  const unsafe = UNSAFE_ROOT.exec(path);
  if (!unsafe) return;
  throw new DockerPythonError({
    code: 'UNSUPPORTED_PATH',
    message: `The ${what} ${JSON.stringify(path)} contains ${JSON.stringify(unsafe[0])}.`,
    hint: 'Dockerfiles and ignore files cannot carry it safely. Use ASCII letters, digits, ".", "_", "-", "@" in names.',
  });
}

function firstWildcard(pattern: string): number {
  const at = pattern.split('/').findIndex((part) => /[*?]/.test(part));
  return at === -1 ? Infinity : at;
}
