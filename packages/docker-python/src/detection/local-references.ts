import type { FileSource } from './files';
import { derivedFrom } from './managers/parse-cache';
import { includedFiles as includedByLists, listReferences } from './references/lists';
import type { IncludedFile } from './references/lists';
import { metadataReferences } from './references/metadata';
import { pipfileReferences, poetryReferences, pylockReferences } from './references/tables';
import type { LocalReference, ReferenceReader } from './references/types';

export type { IncludedFile } from './references/lists';
export type { LocalReference } from './references/types';

/** Every way in which a project names others of the workspace. One table or list each; the order is that of the answer. */
const READERS: readonly ReferenceReader[] = [
  metadataReferences,
  poetryReferences,
  pipfileReferences,
  pylockReferences,
  listReferences,
];

/**
 * What a Python project needs from the workspace itself, as its manifests say, all extras, groups and development
 * lists included: one step, not the libraries of libraries. A project that names itself (`-e .`) does not count, nor
 * does an archive. Never throws: what cannot be read says nothing, and who installs the project reports it.
 *
 * @param root workspace-relative
 * @returns each folder once for each of those who need it
 */
export function localReferences(files: FileSource, root: string): readonly LocalReference[] {
  return derivedFrom(files, `references ${root}`, () => readReferences(files, root));
}

function readReferences(files: FileSource, root: string): readonly LocalReference[] {
  const found = READERS.flatMap((read) => leniently(() => read(files, root)));
  const unique = new Map<string, LocalReference>();
  for (const reference of found) {
    const { path, kind, by, extra, group } = reference;
    const key = JSON.stringify([path, kind, by, extra, group]);
    if (path !== root && !unique.has(key)) unique.set(key, reference);
  }
  return [...unique.values()];
}

/** The files that the requirements lists of a project include with `-r` and `-c`, wherever they are. Never throws. */
export function includedFiles(files: FileSource, root: string): readonly IncludedFile[] {
  return leniently(() => includedByLists(files, root));
}

function leniently<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
