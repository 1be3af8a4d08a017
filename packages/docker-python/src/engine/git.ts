import { runProcess, type ProcessOptions, type ProcessRunner } from './process';

/** What version control says about the workspace. Everything is empty where there is none. */
export interface GitFacts {
  readonly revision?: string;
  /** Address of the remote `origin`, without credentials. */
  readonly source?: string;
  readonly tracked: ReadonlySet<string>;
  readonly executables: ReadonlySet<string>;
}

/**
 * Asks git about the workspace. Uses `git` if it is installed; a workspace without it is fine.
 *
 * @param workspaceRoot absolute
 * @param paths workspace-relative folders and files whose modes are wanted
 */
export async function gitFacts(
  workspaceRoot: string,
  paths: readonly string[],
  start: ProcessRunner = runProcess,
): Promise<GitFacts> {
  const git = asking(workspaceRoot, start);
  const askOnce = asking(workspaceRoot, start, { lasting: 'any' });
  const [revision, source, listing] = await Promise.all([
    askOnce('rev-parse', '--verify', '--quiet', 'HEAD'),
    askOnce('remote', 'get-url', 'origin'),
    git('ls-files', '--stage', '-z', '--', ...paths),
  ]);
  const entries = listing.split('\0').flatMap((entry) => {
    const [, mode, path] = /^(\d{6}) [0-9a-f]+ \d\t(.*)$/s.exec(entry) ?? [];
    return mode && path ? [{ mode, path }] : [];
  });
  return {
    ...(revision ? { revision } : {}),
    ...(source ? { source: withoutCredentials(source) } : {}),
    tracked: new Set(entries.map(({ path }) => path)),
    executables: new Set(entries.filter(({ mode }) => mode === '100755').map(({ path }) => path)),
  };
}

/** Paths of the workspace that differ from the last commit, or that no commit has; none without git. */
export async function uncommittedFiles(
  workspaceRoot: string,
  start: ProcessRunner = runProcess,
): Promise<readonly string[]> {
  const git = asking(workspaceRoot, start);
  const lists = await Promise.all([
    git('diff', '--name-only', '-z', '--relative', 'HEAD'),
    git('ls-files', '--others', '--exclude-standard', '-z'),
  ]);
  return lists.flatMap((list) => list.split('\0').filter((path) => path !== ''));
}

/** Empty where git has no answer. */
function asking(
  workspaceRoot: string,
  start: ProcessRunner,
  options: Pick<ProcessOptions, 'lasting'> = {},
): (...argv: string[]) => Promise<string> {
  return async (...argv) => {
    const result = await start('git', ['-C', workspaceRoot, ...argv], { output: 'capture', ...options });
    return result.exitCode === 0 ? result.stdout.trim() : '';
  };
}

/** `https://user:token@host/x` -> `https://host/x`. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/]*@/i, '$1');
}

/** Where a checkout stands, for tags of images. Everything is absent where there is no git. */
export interface GitCheckout {
  readonly branch?: string;
  /** Tag of a detached HEAD. On a branch its commits count, whatever tags they have. */
  readonly gitTag?: string;
  readonly sha?: string;
  /** What the remote `origin` calls its default branch. */
  readonly defaultBranch?: string;
}

/** Asks git where the checkout stands: once, since it stands there for all tasks of a process. */
export async function gitCheckout(
  workspaceRoot: string,
  start: ProcessRunner = runProcess,
): Promise<GitCheckout> {
  const git = asking(workspaceRoot, start, { lasting: 'any' });
  const [sha, branch, remote, gitTag] = await Promise.all([
    git('rev-parse', '--verify', '--quiet', 'HEAD'),
    git('symbolic-ref', '--short', '--quiet', 'HEAD'),
    git('symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD'),
    git('describe', '--tags', '--exact-match', 'HEAD'),
  ]);
  const defaultBranch = remote.replace(/^origin\//, '');
  return {
    ...(sha ? { sha } : {}),
    ...(branch ? { branch } : gitTag ? { gitTag } : {}),
    ...(defaultBranch ? { defaultBranch } : {}),
  };
}
