import { posix } from 'node:path';
import { detectDistribution } from '../detection/distribution';
import type { FileSource } from '../detection/files';
import { type LocalReference, localReferences } from '../detection/local-references';
import { isPackage } from '../detection/reference-findings';
import { stringAt } from '../detection/toml';
import type { Finding } from '../detection/types';

/** A Python root that this plugin makes known to Nx. */
export interface InferredProject {
  readonly root: string;
  /** Absent where a project.json or package.json names it. */
  readonly name?: string;
  /** The name that it would have if no other project had it. */
  readonly taken?: string;
  /** For a library: the root of the project with settings that needs it. */
  readonly neededBy?: string;
}

/** Workspace-relative paths of the files that make projects. */
export interface ProjectFiles {
  /** Every docker-python.json. */
  readonly settings: readonly string[];
  /** Every project.json and package.json. */
  readonly named: readonly string[];
}

/**
 * The projects that follow from settings: their own roots, and the libraries that they need, directly or through other
 * libraries, which have no file that names them. Both are named by their distribution. A name that is taken, by
 * another project or by one before, becomes the path instead: two projects of one name would break the whole graph.
 *
 * @param createProjects whether roots that nothing else names become projects
 * @param references the local references of a root
 */
export function inferProjects(
  files: FileSource,
  paths: ProjectFiles,
  createProjects: boolean,
  references: (root: string) => readonly LocalReference[] = (root) => localReferences(files, root),
): readonly InferredProject[] {
  const settled = paths.settings.map((path) => posix.dirname(path)).sort();
  const named = new Map(paths.named.map((path) => [path, posix.dirname(path)]));
  const hasName = (root: string): boolean => isNamed(files, root);
  const libraries = createProjects ? librariesOf(files, settled, references) : new Map<string, string>();
  const unnamed = [...settled, ...libraries.keys()].filter((root) => !hasName(root));
  const taken = unnamed.length > 0 ? takenNames(files, named) : new Set<string>();
  const inferred = new Map<string, InferredProject>();
  for (const root of unnamed) {
    const name = nameOf(files, root);
    const own = taken.has(name) ? freeName(root, taken) : name;
    taken.add(own);
    const neededBy = libraries.get(root);
    inferred.set(root, {
      root,
      name: own,
      ...(own === name ? {} : { taken: name }),
      ...(neededBy === undefined ? {} : { neededBy }),
    });
  }
  return [
    ...settled.flatMap((root) => (hasName(root) ? [{ root }] : createProjects ? inferred.get(root)! : [])),
    ...[...libraries.keys()].flatMap((root) => inferred.get(root) ?? []),
  ];
}

/** Packages that are reached from roots with settings, and which root reaches each first. Never the workspace itself. */
function librariesOf(
  files: FileSource,
  settled: readonly string[],
  references: (root: string) => readonly LocalReference[],
): ReadonlyMap<string, string> {
  const libraries = new Map<string, string>();
  const known = new Set(settled);
  for (const start of settled) {
    const pending = [start];
    for (let root = pending.shift(); root !== undefined; root = pending.shift()) {
      for (const { path } of references(root)) {
        if (known.has(path) || path === '.' || !isPackage(files, path)) continue;
        known.add(path);
        libraries.set(path, start);
        pending.push(path);
      }
    }
  }
  return libraries;
}

/** A project.json always names its project; a package.json does if it has a name, which Nx then takes. */
function isNamed(files: FileSource, root: string): boolean {
  const names = files.list(root);
  return (
    names.includes('project.json') ||
    (names.includes('package.json') && nameIn(files, posix.join(root, 'package.json')) !== undefined)
  );
}

/** Names that files give. A project.json without one has that of its folder. */
function takenNames(files: FileSource, named: ReadonlyMap<string, string>): Set<string> {
  const names = new Set<string>();
  for (const [path, root] of named) {
    const name =
      nameIn(files, path) ?? (path.endsWith('project.json') ? posix.basename(root).toLowerCase() : undefined);
    if (name !== undefined) names.add(name);
  }
  return names;
}

function nameIn(files: FileSource, path: string): string | undefined {
  try {
    return stringAt(JSON.parse(files.read(path) ?? '{}'), 'name') || undefined;
  } catch {
    return undefined; // Nx itself reports it
  }
}

function nameOf(files: FileSource, root: string): string {
  try {
    return detectDistribution(files, root).value;
  } catch {
    return root === '.' ? 'application' : posix.basename(root);
  }
}

/** What to say of a project that has the name of its path, because another one has that of its distribution. */
export function nameFindings(files: FileSource, root: string, name: string): readonly Finding[] {
  const wanted = nameOf(files, root);
  if (isNamed(files, root) || name === wanted || !name.startsWith(pathName(root))) return [];
  return [
    {
      code: 'name-taken',
      message: `The project in ${root} is called ${name}: another project is called ${wanted}, as this distribution is.`,
      hint: `Add a project.json to ${root} with the name that you want.`,
    },
  ];
}

/** `libs-b-common` for libs/b/common, with a number if even that is taken. */
function freeName(root: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? pathName(root) : `${pathName(root)}-${number}`;
    if (!taken.has(name)) return name;
  }
}

function pathName(root: string): string {
  return root === '.' ? 'application' : root.replaceAll('/', '-').toLowerCase();
}
