import type { FileSource } from '../files';
import { groupTexts, inRoot } from '../managers/pyproject';
import { parsePep508 } from '../managers/pep508';
import { readTomlOnce } from '../managers/parse-cache';
import { stringAt, stringsAt, type Table, tableAt } from '../toml';
import { distributionName } from '../types';
import { folderAt } from './place';
import type { LocalReference, Needed } from './types';

/** Path dependencies of Poetry, of all groups. Source: Poetry's documentation, "Dependency specification". */
export function poetryReferences(files: FileSource, root: string): readonly LocalReference[] {
  const path = inRoot(root, 'pyproject.toml');
  const manifest = readTomlOnce(files, path) ?? {};
  const poetry = tableAt(manifest, 'tool', 'poetry');
  const inTable = (needed: (name: string, entry: Table) => readonly Needed[], ...keys: string[]) =>
    pathEntries(files, root, tableAt(poetry, ...keys), needed, `tool.poetry.${keys.join('.')}`, path);
  const inGroup = (group: string): readonly Needed[] => [{ kind: 'development', by: 'metadata', group }];
  return [
    ...inTable((name, entry) => neededBy(manifest, name, entry), 'dependencies'),
    ...inTable(() => inGroup('dev'), 'dev-dependencies'),
    ...Object.keys(tableAt(poetry, 'group')).flatMap((group) =>
      inTable(() => inGroup(group), 'group', group, 'dependencies'),
    ),
  ];
}

/**
 * Who needs an entry of `[tool.poetry.dependencies]`: where `[project]` or a group names it as well, the entry only
 * says where it is; an optional one belongs to extras.
 */
function neededBy(manifest: Table, name: string, entry: Table): readonly Needed[] {
  const lists = (needs: readonly string[]): boolean =>
    needs.some((text) => parsePep508(text.replace(/\(.*\)/, ''))?.name === name);
  const extras = [
    ...Object.keys(tableAt(manifest, 'project', 'optional-dependencies')).filter((extra) =>
      lists(stringsAt(manifest, 'project', 'optional-dependencies', extra)),
    ),
    ...Object.keys(tableAt(manifest, 'tool', 'poetry', 'extras')).filter((extra) =>
      lists(stringsAt(manifest, 'tool', 'poetry', 'extras', extra)),
    ),
  ];
  const groups = Object.keys(tableAt(manifest, 'dependency-groups')).filter((group) =>
    lists(groupTexts(manifest, group)),
  );
  const elsewhere = [
    ...extras.map((extra) => ({ kind: 'optional', by: 'metadata', extra }) as const),
    ...groups.map((group) => ({ kind: 'development', by: 'metadata', group }) as const),
  ];
  const optional = entry['optional'] === true;
  if (elsewhere.length > 0 && (optional || !lists(stringsAt(manifest, 'project', 'dependencies'))))
    return elsewhere;
  return [{ kind: optional ? 'optional' : 'production', by: 'metadata' }];
}

/** Tables of a Pipfile that are no packages. Every other one is a category. */
const NO_CATEGORY = ['source', 'requires', 'scripts', 'pipenv', 'pipfile'];

/** Path entries of a Pipfile. Source: Pipenv's documentation, "Pipfile & Pipfile.lock". */
export function pipfileReferences(files: FileSource, root: string): readonly LocalReference[] {
  const path = inRoot(root, 'Pipfile');
  const manifest = readTomlOnce(files, path) ?? {};
  return Object.keys(manifest)
    .filter((category) => !NO_CATEGORY.includes(category))
    .flatMap((category) => {
      const needed: Needed =
        category === 'packages'
          ? { kind: 'production', by: 'list' }
          : { kind: 'development', by: 'list', group: category };
      return pathEntries(files, root, tableAt(manifest, category), () => [needed], category, path);
    });
}

/** Folders of a pylock.toml. Source: PEP 751. */
export function pylockReferences(files: FileSource, root: string): readonly LocalReference[] {
  const path = inRoot(root, 'pylock.toml');
  const packages = readTomlOnce(files, path)?.['packages'];
  return (Array.isArray(packages) ? (packages as readonly unknown[]) : []).flatMap((entry) => {
    const place = stringAt(entry, 'directory', 'path');
    const name = stringAt(entry, 'name') ?? '';
    const folder = place === undefined ? undefined : folderAt(files, place, [root], path);
    const named = name === '' ? {} : { name: distributionName(name) };
    return folder === undefined
      ? []
      : [
          {
            path: folder,
            kind: 'production',
            by: 'list',
            ...named,
            extras: [],
            from: `${name} in ${path}`,
            file: path,
          },
        ];
  });
}

/** `name = { path = "../lib" }`, also as one of several variants, and Pipenv's `file = "file:///..."`. */
function pathEntries(
  files: FileSource,
  root: string,
  table: Table,
  needed: (name: string, entry: Table) => readonly Needed[],
  key: string,
  file: string,
): readonly LocalReference[] {
  return Object.entries(table).flatMap(([raw, value]) => {
    const name = distributionName(raw);
    const from = `${key}.${raw} in ${file}`;
    return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).flatMap((variant) => {
      const entry = tableAt({ variant }, 'variant');
      const place = stringAt(entry, 'path') ?? stringAt(entry, 'file');
      const path = place === undefined ? undefined : folderAt(files, place, [root], from);
      return path === undefined
        ? []
        : needed(name, entry).map((who) => ({
            ...{ path, name, ...who },
            extras: stringsAt(entry, 'extras'),
            ...{ from, file },
          }));
    });
  });
}
