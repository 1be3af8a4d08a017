import { type FileSource, joinInside } from '../files';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from '../toml';
import { readTomlOnce } from './parse-cache';
import type { Requirement } from '../types';
import { parsePep508, type Pep508, toRequirement } from './pep508';

/** A pyproject.toml and where it lies. */
export interface Pyproject {
  readonly path: string;
  readonly table: Table;
}

/** Path of a file in a project. */
export function inRoot(root: string, name: string): string {
  const plain = root !== '.' && /^\.?\w[\w-]*(?:\.[\w-]+)*$/.test(name);
  return plain ? `${root}/${name}` : (joinInside(root, name) ?? name);
}

/**
 * Reads a project's pyproject.toml.
 *
 * @throws DockerPythonError INVALID_MANIFEST
 */
export function readPyproject(files: FileSource, root: string): Pyproject | undefined {
  const path = inRoot(root, 'pyproject.toml');
  const table = readTomlOnce(files, path);
  return table && { path, table };
}

/** Like {@link readPyproject}, for looking around: a broken file says nothing. */
export function glanceAtPyproject(files: FileSource, root: string): Pyproject | undefined {
  try {
    return readPyproject(files, root);
  } catch {
    return undefined; // whoever is put in charge reads it again and reports it
  }
}

/** Name of the build backend's module: `hatchling` of `hatchling.build`. Source: PEP 517. */
export function buildBackend({ table }: Pyproject): string | undefined {
  return stringAt(table, 'build-system', 'build-backend')?.split(/[.:]/)[0];
}

/** Whether `[project]` names dependencies or says that its backend does. Source: PEP 621. */
export function declaresDependencies({ table }: Pyproject): boolean {
  return (
    stringsAt(table, 'project', 'dependencies').length > 0 ||
    stringsAt(table, 'project', 'dynamic').includes('dependencies')
  );
}

/** The direct production requirements of `[project]`, of the extras and of the dependency groups that were asked for. */
export function directRequirements(
  pyproject: Pyproject,
  chosen: { readonly extras: readonly string[]; readonly groups: readonly string[] },
): readonly Pep508[] {
  const { table } = pyproject;
  const texts = [
    ...projectTexts(table, chosen.extras),
    ...chosen.groups.flatMap((group) => groupTexts(table, group)),
  ];
  return texts.flatMap((text) => parsePep508(text) ?? []);
}

/** The requirement strings of `[project]` and of its extras that were asked for. */
export function projectTexts(table: Table, extras: readonly string[]): readonly string[] {
  return [
    ...stringsAt(table, 'project', 'dependencies'),
    ...extras.flatMap((extra) => stringsAt(table, 'project', 'optional-dependencies', extra)),
  ];
}

/** The requirement strings of a dependency group and of the groups that it includes, each once. Source: PEP 735. */
export function groupTexts(table: Table, group: string): readonly string[] {
  const texts: string[] = [];
  const groups = new Set([group]);
  for (const name of groups) {
    const items = valueAt(table, 'dependency-groups', name);
    for (const item of Array.isArray(items) ? (items as readonly unknown[]) : []) {
      const included = stringAt(item, 'include-group');
      if (typeof item === 'string') texts.push(item);
      else if (included !== undefined) groups.add(included);
    }
  }
  return texts;
}

/** Requirements as facts: one per name, in the order of their first mention. */
export function uniqueRequirements(requirements: readonly Requirement[]): readonly Requirement[] {
  const byName = new Map<string, Requirement>();
  for (const requirement of requirements) {
    const known = byName.get(requirement.name);
    const extras = [...new Set([...(known?.extras ?? []), ...(requirement.extras ?? [])])];
    byName.set(requirement.name, { ...requirement, ...known, ...(extras.length > 0 ? { extras } : {}) });
  }
  return [...byName.values()];
}

/** The facts of parsed requirement strings. */
export function toRequirements(parsed: readonly Pep508[]): readonly Requirement[] {
  return uniqueRequirements(parsed.map(toRequirement));
}

/**
 * Files that setuptools reads dependencies from: `[tool.setuptools.dynamic] dependencies = { file = [...] }`.
 * Source: setuptools, "Configuring setuptools using pyproject.toml files".
 */
export function dynamicDependencyFiles({ table }: Pyproject, root: string): readonly string[] {
  const optional = tableAt(table, 'tool', 'setuptools', 'dynamic', 'optional-dependencies');
  return dynamicFiles(table, root, Object.keys(optional));
}

/** Those of them that count in production: of the extras only the ones that were asked for. */
export function chosenDependencyFiles(
  { table }: Pyproject,
  root: string,
  extras: readonly string[],
): readonly string[] {
  return dynamicFiles(table, root, extras);
}

function dynamicFiles(table: Table, root: string, extras: readonly string[]): readonly string[] {
  const dynamic = tableAt(table, 'tool', 'setuptools', 'dynamic');
  const optional = tableAt(dynamic, 'optional-dependencies');
  return [dynamic['dependencies'], ...extras.map((extra) => optional[extra])]
    .flatMap((attribute) => fileList(attribute))
    .map((name) => inRoot(root, name));
}

function fileList(attribute: unknown): readonly string[] {
  const one = stringAt(attribute, 'file');
  return one === undefined ? stringsAt(attribute, 'file') : one.split(',').map((name) => name.trim());
}
