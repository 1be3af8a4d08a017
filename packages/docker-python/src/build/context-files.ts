import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import { dockerignoreRules } from '../plan/dockerignore';
import type { ContextFile } from '../reference/content-key';

/**
 * The files that the engine will receive, with the digests of their bytes: from the disk, by the very rules
 * of Dockerfile.dockerignore.
 *
 * @param workspaceRoot absolute
 * @param dockerignore text of that file
 * @param executables paths that version control knows as executable; for others the mode on disk counts
 * @param tracked paths that version control knows at all
 */
export function contextFiles(
  workspaceRoot: string,
  dockerignore: string,
  executables: ReadonlySet<string>,
  tracked: ReadonlySet<string>,
): readonly ContextFile[] {
  const rules = dockerignoreRules(dockerignore);
  return rules.roots
    .flatMap((root) => walk(workspaceRoot, root, rules.sends))
    .map((path) => describe(workspaceRoot, path, executables, tracked))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Folders that are too large to look, unless the rules ask for them. */
const NEVER_WALKED = new Set(['.git', 'node_modules', '.nx', '__pycache__', '.venv']);

function walk(workspaceRoot: string, path: string, sends: (path: string) => boolean): string[] {
  const stat = lstatSync(join(workspaceRoot, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return sends(path) ? [path] : [];
  return readdirSync(join(workspaceRoot, path), { withFileTypes: true }).flatMap((entry) => {
    const child = path === '.' ? entry.name : posix.join(path, entry.name);
    if (entry.isDirectory())
      return NEVER_WALKED.has(entry.name) && !sends(child) ? [] : walk(workspaceRoot, child, sends);
    return (entry.isFile() || entry.isSymbolicLink()) && sends(child) ? [child] : [];
  });
}

function describe(
  workspaceRoot: string,
  path: string,
  executables: ReadonlySet<string>,
  tracked: ReadonlySet<string>,
): ContextFile {
  const absolute = join(workspaceRoot, path);
  const stat = lstatSync(absolute);
  const content = stat.isSymbolicLink() ? `link to ${readlinkSync(absolute)}` : readFileSync(absolute);
  return {
    path,
    digest: createHash('sha256').update(content).digest('hex'),
    // From git where it knows the file: a mode on disk depends on umask and operating system.
    executable: tracked.has(path) ? executables.has(path) : stat.isFile() && (stat.mode & 0o100) !== 0,
  };
}
