import type { FileSource } from '../files';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from '../toml';
import { tablesAt } from './closure-edges';
import { readTomlOnce } from './parse-cache';
import { inRoot, readPyproject } from './pyproject';
import { chooseTool, UV, UV_VERSION } from './tools';
import type { UvPackage } from './uv-lock';
import { uvHome } from './uv-workspace';

/** Where uv's settings stand; uv.toml comes first. Source: uv's documentation, "Configuration files". */
function uvSettings(
  files: FileSource,
  home: string,
): readonly (readonly [path: string, table: Table | undefined])[] {
  return [
    [inRoot(home, 'uv.toml'), readTomlOnce(files, inRoot(home, 'uv.toml'))],
    [inRoot(home, 'pyproject.toml'), tableAt(readPyproject(files, home)?.table, 'tool', 'uv')],
  ];
}

/** The uv that the project asks for (`required-version`), else the tested one. */
export function chooseUv(files: FileSource, home: string): ReturnType<typeof chooseTool> {
  const asking = uvSettings(files, home).find(
    ([, table]) => stringAt(table, 'required-version') !== undefined,
  );
  return chooseTool(
    [{ name: 'uv', version: UV_VERSION, requirements: [UV] }],
    stringAt(asking?.[1], 'required-version'),
    asking?.[0] ?? '',
  );
}

/** The versions of uv that the workspace of a project allows, as written. */
export function requiredUv(files: FileSource, root: string): string | undefined {
  return uvSettings(files, uvHome(files, root).root)
    .map(([, table]) => stringAt(table, 'required-version'))
    .find((asked) => asked !== undefined);
}

/** Addresses of the indexes that the list names. */
export function uvIndexes(files: FileSource, root: string): readonly string[] {
  return uvSettings(files, uvHome(files, root).root).flatMap(([, table]) => [
    ...['index-url', 'default-index'].flatMap((key) => stringAt(table, key) ?? []),
    ...stringsAt(table, 'extra-index-url'),
    ...tablesAt(table, 'index').flatMap((index) => stringAt(index, 'url') ?? []),
  ]);
}

/** Whether the project names indexes of its own: the list has to name them too. */
export function namesIndexes(files: FileSource, home: string): boolean {
  const keys = ['index', 'index-url', 'extra-index-url'];
  return uvSettings(files, home).some(([, table]) => keys.some((key) => valueAt(table, key) !== undefined));
}

/**
 * Whether something comes from an index that only some packages may use: `explicit = true`, or named by a source.
 * Source: uv's documentation, "Package indexes".
 */
export function comesFromExplicitIndex(
  files: FileSource,
  home: string,
  root: string,
  needed: readonly UvPackage[],
): boolean {
  const places = new Set([home, root, ...needed.flatMap(({ local }) => local ?? [])]);
  const tables = [...places].flatMap((place) => uvSettings(files, place).map(([, table]) => table));
  const named = new Set(tables.flatMap((table) => sourceIndexes(tableAt(table, 'sources'))));
  const urls = tables.flatMap((table) =>
    tablesAt(table, 'index').flatMap((index) =>
      index['explicit'] === true || named.has(stringAt(index, 'name') ?? '')
        ? (stringAt(index, 'url') ?? [])
        : [],
    ),
  );
  return needed.some(({ index }) => index !== undefined && urls.includes(index));
}

/** Names of indexes in `tool.uv.sources`: of each package one source, or several for different environments. */
function sourceIndexes(sources: Table): readonly string[] {
  return Object.values(sources)
    .flat()
    .flatMap((source) => stringAt(source, 'index') ?? []);
}
