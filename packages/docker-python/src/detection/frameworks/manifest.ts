import type { PythonFiles } from '../python-source';
import { stringsAt, tableAt, valueAt, type Table } from '../toml';
import { parse } from 'smol-toml';

/**
 * The project's pyproject.toml, or an empty table. A broken one is reported by whoever reads dependencies from it;
 * here it is merely no evidence.
 */
export function projectTable(tree: PythonFiles): Table {
  const text = tree.read('pyproject.toml');
  if (text === undefined) return {};
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return {};
  }
}

/** Names of extras and groups whose packages are for working on the project, not for running it. */
const DEVELOPMENT =
  /^(dev|develop|development|tests?|testing|lint|linting|docs?|documentation|typing|types?|mypy|ci|qa|format|formatting|quality|bench|benchmark|local|debug|build|release)([-_].*)?$/i;

/** The extra or group of pyproject.toml, not meant for development, that has one of these distributions. */
export function declaredInExtra(
  tree: PythonFiles,
  distributions: readonly string[],
): { readonly kind: 'extras' | 'groups'; readonly name: string } | undefined {
  const table = projectTable(tree);
  const groups = [
    { kind: 'extras' as const, table: tableAt(table, 'project', 'optional-dependencies') },
    { kind: 'extras' as const, table: tableAt(table, 'tool', 'poetry', 'extras') },
    { kind: 'groups' as const, table: tableAt(table, 'dependency-groups') },
    { kind: 'groups' as const, table: tableAt(table, 'tool', 'poetry', 'group') },
    { kind: 'groups' as const, table: tableAt(table, 'tool', 'pdm', 'dev-dependencies') },
  ];
  for (const { kind, table: group } of groups) {
    for (const name of Object.keys(group)) {
      if (DEVELOPMENT.test(name)) continue;
      const listed = [
        ...stringsAt(group, name),
        ...Object.keys(tableAt(valueAt(group, name), 'dependencies')),
      ];
      if (
        listed.some((line) =>
          distributions.includes(
            /^[\w.-]+/
              .exec(line.trim())?.[0]
              .toLowerCase()
              .replace(/[-_.]+/g, '-') ?? '',
          ),
        )
      )
        return { kind, name };
    }
  }
  return undefined;
}
