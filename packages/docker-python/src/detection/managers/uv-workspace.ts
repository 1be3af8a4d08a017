import { posix } from 'node:path';
import { type FileSource, joinInside } from '../files';
import { stringsAt, tableAt } from '../toml';
import { derivedFrom } from './parse-cache';
import { glanceAtPyproject, inRoot } from './pyproject';

/** Which uv.lock governs a project. Source: uv's documentation, "Using workspaces". */
export interface UvHome {
  /** Workspace-relative folder of the lock file: a uv workspace's root, or the project itself. */
  readonly root: string;
  /** A uv.lock in the project that does not count, because the workspace's does. */
  readonly stray?: string;
}

/** The nearest uv workspace upwards that has the project as a member, else the project itself. */
export function uvHome(files: FileSource, project: string): UvHome {
  return derivedFrom(files, `uv home ${project}`, () => findHome(files, project));
}

function findHome(files: FileSource, project: string): UvHome {
  const workspace = hasWorkspace(files, project) ? project : memberOf(files, project);
  if (workspace === undefined || workspace === project) return { root: project };
  const own = inRoot(project, 'uv.lock');
  return { root: workspace, ...(files.read(own) === undefined ? {} : { stray: own }) };
}

function memberOf(files: FileSource, project: string): string | undefined {
  for (let folder = project; folder !== '.';) {
    folder = posix.dirname(folder);
    if (!hasWorkspace(files, folder)) continue;
    const workspace = tableAt(glanceAtPyproject(files, folder)?.table, 'tool', 'uv', 'workspace');
    const place = folder === '.' ? project : posix.relative(folder, project);
    const matches = (key: string): boolean =>
      stringsAt(workspace, key).some((glob) => matchesGlob(place, glob));
    if (matches('members') && !matches('exclude')) return folder;
    return undefined; // the nearest workspace decides, also when it decides against
  }
  return undefined;
}

function hasWorkspace(files: FileSource, folder: string): boolean {
  const uv = tableAt(glanceAtPyproject(files, folder)?.table, 'tool', 'uv');
  return typeof uv['workspace'] === 'object';
}

/** Whether a path matches a glob of `*`, `?`, `[abc]` and `**`. Linear in both, so that no pattern can stall it. */
export function matchesGlob(path: string, glob: string): boolean {
  const pattern = (joinInside(glob) ?? '').split('/');
  const segments = path.split('/');
  let reachable = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    for (const at of reachable) {
      if (part === '**') for (let skip = at; skip <= segments.length; skip++) next.add(skip);
      else if (at < segments.length && matchesSegment(segments[at]!, part)) next.add(at + 1);
    }
    reachable = next;
  }
  return reachable.has(segments.length);
}

function matchesSegment(text: string, pattern: string): boolean {
  const tokens = pattern.match(/\[[^\]]+\]|[\s\S]/g) ?? [];
  let reachable = new Set([0]);
  for (const token of tokens) {
    const next = new Set<number>();
    for (const at of reachable) {
      if (token === '*') for (let skip = at; skip <= text.length; skip++) next.add(skip);
      else if (at < text.length && matchesCharacter(text[at]!, token)) next.add(at + 1);
    }
    reachable = next;
  }
  return reachable.has(text.length);
}

function matchesCharacter(character: string, token: string): boolean {
  if (token === '?') return true;
  if (!token.startsWith('[') || token.length === 1) return token === character;
  const negated = /^\[[!^]/.test(token);
  const set = token.slice(negated ? 2 : 1, -1);
  const ranges = set.match(/[\s\S]-[\s\S]|[\s\S]/g) ?? [];
  return ranges.some((range) => character >= range[0]! && character <= range.at(-1)!) !== negated;
}
