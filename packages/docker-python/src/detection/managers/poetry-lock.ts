import { joinInside } from '../files';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from '../toml';
import { distributionName } from '../types';
import type { Edge, LockedPackage } from './closure';
import { canonical, hashesOf, identity, tablesAt, toEdges, wheelNames } from './closure-edges';
import { derivedOnce } from './parse-cache';
import { groupTexts, projectTexts } from './pyproject';

/** A poetry.lock of the formats 1.1 to 2.1; once for all projects of it. Source: `poetry/packages/locker.py`. */
export function parsePoetryLock(lock: Table, root: string): readonly LockedPackage[] {
  return derivedOnce(lock, () => readPoetryLock(lock, root));
}

function readPoetryLock(lock: Table, root: string): readonly LockedPackage[] {
  return tablesAt(lock, 'package').flatMap((entry) => {
    const named = identity(entry);
    if (!named) return [];
    const source = stringAt(entry, 'source', 'type');
    const url = stringAt(entry, 'source', 'url');
    const isLocal = source === 'directory' || source === 'file';
    const files = valueAt(entry, 'files') ?? valueAt(lock, 'metadata', 'files', stringAt(entry, 'name')!);
    return [
      {
        ...named,
        ...(isLocal && url !== undefined ? { local: joinInside(root, url) ?? url } : {}),
        ...(source === undefined || source === 'legacy'
          ? { wheels: wheelNames(Array.isArray(files) ? files : []) }
          : {}),
        ...(isLocal || source === undefined ? {} : { origin: canonical(tableAt(entry, 'source')) }),
        hashes: hashesOf(files),
        hashable: source !== 'git',
        dependencies: dependencyEdges(tableAt(entry, 'dependencies'), 'needed'),
        extras: Object.fromEntries(
          Object.entries(tableAt(entry, 'extras')).map(([extra, texts]) => [
            extra,
            toEdges(stringsAt({ texts }, 'texts').map(bare)),
          ]),
        ),
      },
    ];
  });
}

/** `PySocks (>=1.5.6) ; marker` as a requirement string. */
function bare(text: string): string {
  return text.replace(/\s*\([^)]*\)/, '');
}

/** Poetry's dependency tables: name to version, to a table, or to several tables for different environments. */
export function dependencyEdges(table: Table, which: 'needed' | 'optional'): readonly Edge[] {
  return Object.entries(table).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((variant: unknown) => {
      const optional = valueAt(variant, 'optional') === true;
      if (name.toLowerCase() === 'python' || optional !== (which === 'optional')) return [];
      const marker = stringAt(variant, 'markers');
      return [
        {
          name: distributionName(name),
          extras: stringsAt(variant, 'extras'),
          ...(marker === undefined ? {} : { marker }),
        },
      ];
    }),
  );
}

/** What a project asks for in production: `[project]` and `[tool.poetry]`, with the chosen extras and groups. */
export function poetryRoots(
  pyproject: Table,
  { extras, groups }: { readonly extras: readonly string[]; readonly groups: readonly string[] },
): readonly Edge[] {
  const poetry = tableAt(pyproject, 'tool', 'poetry');
  const dependencies = tableAt(poetry, 'dependencies');
  const wanted = new Set(extras.flatMap((extra) => stringsAt(poetry, 'extras', extra)).map(distributionName));
  return [
    ...toEdges(projectTexts(pyproject, extras)),
    ...dependencyEdges(dependencies, 'needed'),
    ...dependencyEdges(dependencies, 'optional').filter(({ name }) => wanted.has(name)),
    ...groups.flatMap((group) => [
      ...dependencyEdges(tableAt(poetry, 'group', group, 'dependencies'), 'needed'),
      ...toEdges(groupTexts(pyproject, group)),
    ]),
  ];
}
