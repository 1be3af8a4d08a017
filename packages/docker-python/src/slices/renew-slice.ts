import type { FileSource } from '../detection/files';
import type { PinnedProject } from '../detection/managers';
import { DockerPythonError } from '../errors';
import { closureDigest } from './closure-digest';
import { type Exporters, exportList } from './export-list';
import { sliceState } from './freshness';
import { listBody } from './list-body';
import { readSliceText, sliceText } from './slice-file';

/** Does some work with exporters. They cost something to make ready, and nearly always nobody needs them. */
export type LendExporters = (work: (exporters: Exporters) => Promise<string>) => Promise<string>;

/** What is to be done about the slice of a project. */
export interface SliceChange {
  /** The text to write, if it is another than what is there. */
  readonly write?: string;
  /** A slice in the other form that is left over. */
  readonly remove?: string;
  /** Why. Undefined where nothing is to be done. */
  readonly reason?: string;
  /** The slice was edited and is left as it is: what the user can do about it. */
  readonly kept?: DockerPythonError;
}

/**
 * The slice of a project as its lock says now. Exports only where the digest in its header is not that of the lock, or
 * where a manifest seems to be ahead of the lock.
 *
 * @param replace which slices may be written again: those that nobody edited, or any
 * @throws DockerPythonError LOCK_OUT_OF_DATE, or what an exporter says
 */
export async function renewSlice(
  files: FileSource,
  project: PinnedProject,
  lend: LendExporters,
  replace: 'unedited' | 'any',
): Promise<SliceChange> {
  const { slice, otherSlice } = project.shared;
  const state = sliceState(files, project);
  const leftOver = isOurs(files, otherSlice) ? { remove: otherSlice, reason: `${slice} replaces it` } : {};
  if (state.kind === 'current') return leftOver;
  if (state.kind === 'edited' && replace === 'unedited') return { kept: sliceEdited(slice, state.reason) };
  const text = await freshSlice(files, project, lend);
  const present = files.read(slice)?.replaceAll('\r\n', '\n');
  return text === present ? leftOver : { ...leftOver, write: text, reason: state.reason };
}

/**
 * Refuses a slice that is not what the lock says: an image of it would not be what the lock promises.
 *
 * @throws DockerPythonError SLICE_STALE, SLICE_EDITED, LOCK_OUT_OF_DATE
 */
export async function checkSlice(
  files: FileSource,
  project: PinnedProject,
  lend: LendExporters,
): Promise<void> {
  const { slice } = project.shared;
  const state = sliceState(files, project);
  if (state.kind === 'current') return;
  if (state.kind === 'edited') throw sliceEdited(slice, state.reason);
  if (state.kind === 'doubtful') {
    const text = await freshSlice(files, project, lend);
    if (text === files.read(slice)?.replaceAll('\r\n', '\n')) return;
  }
  throw new DockerPythonError({
    code: 'SLICE_STALE',
    message: `${slice} is not what ${project.shared.lock} says: ${state.reason}.`,
    hint: 'Run "npx nx sync" and commit what it changes; where it cannot make the slice, a line of it says why. In CI, "nx sync:check" finds this before anything is built.',
  });
}

async function freshSlice(files: FileSource, project: PinnedProject, lend: LendExporters): Promise<string> {
  const { shared, python } = project;
  const exported = await lend((exporters) => exportList(files, project, exporters));
  const body = listBody(exported, shared.exporter.format, python.value);
  return sliceText(shared.lock, closureDigest(files, project), body);
}

function isOurs(files: FileSource, path: string): boolean {
  const text = files.read(path);
  return text !== undefined && readSliceText(text).ownership !== 'foreign';
}

function sliceEdited(slice: string, reason: string): DockerPythonError {
  return new DockerPythonError({
    code: 'SLICE_EDITED',
    message: `${slice} is derived from the lock, but ${reason}. It is left alone.`,
    hint: `To pin something else, change the manifest and lock again. Then delete ${slice} (git has it) and run "npx nx sync", or run "npx nx g docker-python:setup <project> --overwrite".`,
  });
}
