import type { FileSource } from '../detection/files';
import { lockDoubts, pinnedBy, type PinnedProject } from '../detection/managers';
import { closureDigest } from './closure-digest';
import { listed } from './list-body';
import { readSliceText } from './slice-file';

/** How a slice stands to its lock. */
export type SliceState =
  | { readonly kind: 'current' }
  /** It agrees with the lock, but a manifest may not: the exporter knows. */
  | { readonly kind: 'doubtful'; readonly reason: string }
  /** It is not what the lock says now, and nothing of anybody is lost if it is written again. */
  | { readonly kind: 'stale'; readonly reason: string }
  /** Somebody changed it, or wrote it. */
  | { readonly kind: 'edited'; readonly reason: string };

/**
 * Whether the slice of a project is what its lock says. Reads files; starts no process.
 *
 * @throws DockerPythonError for a lock that cannot be read
 */
export function sliceState(files: FileSource, project: PinnedProject): SliceState {
  const { slice, lock } = project.shared;
  const text = files.read(slice);
  if (text === undefined) return { kind: 'stale', reason: 'it is missing' };
  const { ownership, digest, body } = readSliceText(text);
  switch (ownership) {
    case 'conflicted':
      return { kind: 'stale', reason: 'it has the conflict markers of a merge' };
    case 'foreign':
      return { kind: 'edited', reason: 'it was not written by docker-python' };
    case 'edited':
      return { kind: 'edited', reason: 'it was edited by hand' };
    case 'managed': {
      if (digest !== closureDigest(files, project)) {
        return { kind: 'stale', reason: difference(files, project, body) };
      }
      const [doubt] = lockDoubts(files, project);
      return doubt === undefined ? { kind: 'current' } : { kind: 'doubtful', reason: `${doubt} (${lock})` };
    }
  }
}

/** More would not be read. */
const NAMED = 3;

/** What changed, as a user would say it: `flask 3.1.0 -> 3.1.3, idna is new`. */
function difference(files: FileSource, project: PinnedProject, body: string): string {
  const was = listed(body);
  const pinned = pinnedBy(files, project).flatMap(({ to }) => (to.local === undefined ? [to] : []));
  const versions = new Map(pinned.map(({ name, version = '' }) => [name as string, version]));
  const changes = [
    ...[...versions].flatMap(([name, version]) => {
      const old = was.get(name);
      if (old === undefined) return [`${name} is new`];
      return old === version || old.includes('://') ? [] : [`${name} ${old} -> ${version}`];
    }),
    ...[...was.keys()].filter((name) => !versions.has(name)).map((name) => `${name} is gone`),
  ];
  if (changes.length === 0) return `files or sources of its packages changed in ${project.shared.lock}`;
  const more = changes.length > NAMED ? `, and ${changes.length - NAMED} more` : '';
  return `${changes.slice(0, NAMED).join(', ')}${more} in ${project.shared.lock}`;
}
