import type { FileSource } from '../files';
import { readToml, type Table } from '../toml';

/**
 * The one parse cache (DESIGN 8): several managers look at the same manifest, and a thousand members of a workspace at
 * the same lock. Keyed by the source of files and by the text that was parsed, so that it is never out of date, and
 * gone with that source.
 */
const parsed = new WeakMap<FileSource, Map<string, { readonly text: string; readonly table: Table }>>();

/** {@link readToml}, parsed once per text. Nobody may change the table. */
export function readTomlOnce(files: FileSource, path: string): Table | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  const known = parsed.get(files)?.get(path);
  if (known?.text === text) return known.table;
  const table = readToml({ ...files, read: () => text }, path)!;
  if (!parsed.has(files)) parsed.set(files, new Map());
  parsed.get(files)!.set(path, { text, table });
  return table;
}

const derived = new WeakMap<object, unknown>();

/**
 * What follows from a table, worked out once per parse of it: the members of a workspace, which each of them asks for;
 * or from the packages of a lock. One thing for each. As old as the source of files where it depends on files too.
 */
export function derivedOnce<T>(table: object, derive: () => T): T {
  if (!derived.has(table)) derived.set(table, derive());
  return derived.get(table) as T;
}

/**
 * The same for what follows from files: what a library is, which many services ask for. Worked out each time where the
 * files may change; an error is never kept.
 *
 * @param name of what is derived, with everything beside the files that it depends on
 */
export function derivedFrom<T>({ derived: known }: FileSource, name: string, derive: () => T): T {
  if (!known) return derive();
  if (!known.has(name)) known.set(name, derive());
  return known.get(name) as T;
}
