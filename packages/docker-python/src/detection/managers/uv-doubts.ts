import type { FileSource } from '../files';
import { stringAt, stringsAt, type Table, tableAt } from '../toml';
import { distributionName } from '../types';
import { tablesAt } from './closure-edges';
import { parsePep508 } from './pep508';
import { groupTexts, inRoot, readPyproject } from './pyproject';

/**
 * Where the manifests of some packages of a uv.lock declare other dependencies than the lock has recorded for them
 * (`[package.metadata]`). What a build backend computes is not compared, nor what markers say.
 *
 * @param entries tables of local packages and their folders, the project itself first
 * @param groups dependency groups of the project that its image installs
 */
export function uvDoubts(
  files: FileSource,
  entries: readonly { readonly entry: Table; readonly folder: string }[],
  groups: readonly string[],
): readonly string[] {
  return entries.flatMap(({ entry, folder }, at) => {
    const table = readPyproject(files, folder)?.table;
    if (!table || stringsAt(table, 'project', 'dynamic').some((field) => DYNAMIC.includes(field))) return [];
    const chosen = at === 0 ? groups : [];
    const [declared, locked] = [declaredNeeds(table, chosen), lockedNeeds(entry, chosen)];
    const odd =
      [...declared].find((need) => !locked.has(need)) ?? [...locked].find((need) => !declared.has(need));
    if (odd === undefined) return [];
    const manifest = inRoot(folder, 'pyproject.toml');
    return [`${manifest} and the lock do not agree about ${odd.split(/[[|]/)[0]}`];
  });
}

const DYNAMIC = ['dependencies', 'optional-dependencies'];

function declaredNeeds(table: Table, groups: readonly string[]): ReadonlySet<string> {
  const needs = (texts: readonly string[], under: string): readonly string[] =>
    texts.flatMap((text) => {
      const parsed = parsePep508(text);
      return parsed ? [need({ ...parsed, under })] : [];
    });
  const optional = tableAt(table, 'project', 'optional-dependencies');
  return new Set([
    ...needs(stringsAt(table, 'project', 'dependencies'), ''),
    ...Object.keys(optional).flatMap((extra) => needs(stringsAt(optional, extra), distributionName(extra))),
    ...groups.flatMap((group) => needs(groupTexts(table, group), `group ${group}`)),
  ]);
}

function lockedNeeds(entry: Table, groups: readonly string[]): ReadonlySet<string> {
  const needs = (tables: readonly Table[], group: string): readonly string[] =>
    tables.map((table) =>
      need({
        name: distributionName(stringAt(table, 'name') ?? ''),
        extras: stringsAt(table, 'extras'),
        specifiers: stringAt(table, 'specifier') ?? '',
        under: group || distributionName(EXTRA.exec(stringAt(table, 'marker') ?? '')?.[1] ?? ''),
      }),
    );
  return new Set([
    ...needs(tablesAt(entry, 'metadata', 'requires-dist'), ''),
    ...groups.flatMap((group) => needs(tablesAt(entry, 'metadata', 'requires-dev', group), `group ${group}`)),
  ]);
}

const EXTRA = /\bextra == '([^']+)'/;

/** A need as text that compares: name, extras, version clauses in any order, and the extra or group that it is of. */
function need({
  name,
  extras,
  specifiers,
  under,
}: {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifiers: string;
  readonly under: string;
}): string {
  const clauses = specifiers
    .split(',')
    .map((clause) => clause.replaceAll(/\s+/g, ''))
    .filter((clause) => clause !== '');
  return `${name}[${extras.map(distributionName).sort().join()}|${clauses.sort().join()}|${under}`;
}
