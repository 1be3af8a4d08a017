import { posix } from 'node:path';
import { stringAt, type Table, valueAt } from '../toml';
import { type DistributionName, distributionName } from '../types';
import type { Edge } from './closure';
import { parsePep508, type Pep508 } from './pep508';

/** A requirement string as a need. */
export function toEdge({ name, extras, marker }: Pick<Pep508, 'name' | 'extras' | 'marker'>): Edge {
  return { name, extras, ...(marker === undefined ? {} : { marker }) };
}

/** The needs that some requirement strings state; what is not one is left to the manager to report. */
export function toEdges(texts: readonly string[]): readonly Edge[] {
  return texts.flatMap((text) => {
    const parsed = parsePep508(text);
    return parsed ? [toEdge(parsed)] : [];
  });
}

/** The tables of an array of tables, as every lock has one of packages. */
export function tablesAt(root: unknown, ...keys: string[]): readonly Table[] {
  const value = valueAt(root, ...keys);
  return (Array.isArray(value) ? value : []).filter(
    (entry): entry is Table => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
  );
}

/** Name and version of a package entry. */
export function identity(entry: Table): { name: DistributionName; version?: string } | undefined {
  const name = stringAt(entry, 'name');
  const version = stringAt(entry, 'version');
  return name === undefined
    ? undefined
    : { name: distributionName(name), ...(version === undefined ? {} : { version }) };
}

/** A value as text that does not depend on the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Hashes of the files of a package entry: `{ hash: "sha256:..." }`. */
export function hashesOf(files: unknown): readonly string[] {
  return (Array.isArray(files) ? (files as readonly unknown[]) : []).flatMap(
    (file) => stringAt(file, 'hash') ?? [],
  );
}

/** Wheels among the files of a package entry: `{ file: "x-1-py3-none-any.whl" }`, `{ name }` or `{ url }`. */
export function wheelNames(files: readonly unknown[]): readonly string[] {
  return files
    .flatMap(
      (file) =>
        stringAt(file, 'file') ??
        stringAt(file, 'filename') ??
        stringAt(file, 'name') ??
        stringAt(file, 'url') ??
        stringAt(file, 'path') ??
        [],
    )
    .map((place) => posix.basename(place.replace(/[?#].*$/s, '')).replaceAll('%2B', '+'))
    .filter((name) => name.endsWith('.whl'));
}
