import { parse } from 'smol-toml';
import { DockerPythonError } from '../errors';
import type { FileSource } from './files';

/** A TOML or JSON table of unknown shape. */
export type Table = Readonly<Record<string, unknown>>;

/**
 * Reads a TOML file.
 *
 * @returns its root table, or undefined if there is no such file
 * @throws DockerPythonError INVALID_MANIFEST with line and column if it is not TOML
 */
export function readToml(files: FileSource, path: string): Table | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (CONFLICT.test(text)) throw conflicted(path, error);
    throw new DockerPythonError({
      code: 'INVALID_MANIFEST',
      message: `${path} is not valid TOML: ${firstLine(error)}`,
      hint: `Correct ${path}${position(error)}, then try again.`,
      cause: error,
    });
  }
}

/** What git writes where it could not merge. */
const CONFLICT = /^(?:<{7}|>{7}) /m;

function conflicted(path: string, cause: unknown): DockerPythonError {
  const what = path.endsWith('.lock')
    ? 'Take one side of it ("git checkout --ours", or "--theirs"), then lock again: that adds what it lacks.'
    : 'Decide what it should say and remove the markers.';
  return new DockerPythonError({
    code: 'INVALID_MANIFEST',
    message: `${path} has the conflict markers of a merge.`,
    hint: `${what} Lock slices that conflict can stay as they are: "npx nx sync" writes them again.`,
    cause,
  });
}

/** The table at a dotted place, or an empty one: wrong types in a manifest are "not there", never a crash. */
export function tableAt(root: unknown, ...keys: string[]): Table {
  const value = valueAt(root, ...keys);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

export function stringAt(root: unknown, ...keys: string[]): string | undefined {
  const value = valueAt(root, ...keys);
  return typeof value === 'string' ? value : undefined;
}

/** The strings of an array at a dotted place; entries of other types are left out. */
export function stringsAt(root: unknown, ...keys: string[]): readonly string[] {
  const value = valueAt(root, ...keys);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function valueAt(root: unknown, ...keys: string[]): unknown {
  let value = root;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Table)[key];
  }
  return value;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

function position(error: unknown): string {
  const { line, column } = error as { line?: number; column?: number };
  return line === undefined ? '' : `, line ${line}${column === undefined ? '' : `, column ${column}`}`;
}
