import { posix } from 'node:path';
import { DockerPythonError } from '../errors';
import { readBuildFacts, type BuildFacts } from './build-facts';
import { detectDistribution } from './distribution';
import type { FileSource } from './files';
import { localReferences } from './local-references';
import { declared } from './managers/declared';
import { derivedFrom, readTomlOnce } from './managers/parse-cache';
import { detectSourceRoots } from './source-roots';
import { stringAt, tableAt, valueAt } from './toml';
import type { DistributionName, LocalPackage, Requirement, Sourced } from './types';

/** A package of this repository that a project's image needs, and how it gets there. */
export interface Library {
  /** Workspace-relative: its folder, or the file of a built distribution. */
  readonly root: string;
  readonly distribution: DistributionName;
  /** What refers to it. */
  readonly from: string;
  /**
   * `wheel`: built by its own backend. `in-place`: copied and put on the import path, since nothing says how it would
   * be built. `archive`: a distribution that somebody built and committed.
   */
  readonly form: Sourced<'wheel' | 'in-place' | 'archive'>;
  readonly build: BuildFacts;
  /** What its manifest declares, as far as it stands there in plain text. */
  readonly requirements: readonly Requirement[];
  /** Folders that go on the import path if it stays in place, relative to its root. */
  readonly sourceRoots: readonly string[];
}

/** Files that pip installs as they are. */
const ARCHIVE = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$/i;

/**
 * The packages of the repository that a project needs at run time, sorted by path. Lock files list all of them; where
 * nobody resolved anything, the manifests of libraries are followed.
 *
 * @param project workspace-relative root of the project, which is no library of itself
 * @throws DockerPythonError LOCAL_PACKAGE_MISSING where one is not there
 */
export function readLibraries(
  files: FileSource,
  project: string,
  localPackages: readonly LocalPackage[],
): readonly Library[] {
  const found = new Map<string, Library>();
  const pending = [...localPackages];
  for (let next = pending.shift(); next; next = pending.shift()) {
    if (next.path === project || found.has(next.path)) continue;
    const library = readLibrary(files, next);
    found.set(next.path, library);
    if (library.form.value !== 'archive') pending.push(...neededBy(files, next));
  }
  return [...found.values()].sort((a, b) => (a.root < b.root ? -1 : 1));
}

/** What a package itself needs of this repository at run time, by the extras that it is asked for. */
export function neededBy(files: FileSource, { path, extras = [] }: LocalPackage): readonly LocalPackage[] {
  return localReferences(files, path).filter(
    ({ by, kind, extra }) =>
      by === 'metadata' &&
      (kind === 'production' || (kind === 'optional' && extra !== undefined && extras.includes(extra))),
  );
}

function readLibrary(files: FileSource, { path, from, extras = [] }: LocalPackage): Library {
  if (ARCHIVE.test(path) && files.read(path) !== undefined) return archive(path, from);
  const manifests = ['pyproject.toml', 'setup.py', 'setup.cfg'];
  if (!manifests.some((name) => files.read(posix.join(path, name)) !== undefined)) {
    throw new DockerPythonError({
      code: 'LOCAL_PACKAGE_MISSING',
      message: `${from} needs the local package ${path}, which has no ${manifests.join(', no ')}.`,
      hint: 'Bring the folder back, or remove the dependency on it and lock again.',
    });
  }
  const facts = derivedFrom(files, `library ${JSON.stringify([path, extras])}`, () => ({
    root: path,
    distribution: detectDistribution(files, path).value,
    form: formOf(files, path),
    build: readBuildFacts(files, path),
    requirements: declared({ files, root: path, extras, groups: [] }).requirements,
    sourceRoots: detectSourceRoots(files, path),
  }));
  return { ...facts, from };
}

function archive(path: string, from: string): Library {
  const [name = ''] = posix.basename(path).split(/-\d/);
  return {
    root: path,
    distribution: name as DistributionName,
    from,
    form: { value: 'archive', from: path },
    build: { requires: [], hasSetupPy: false, versionUnknown: false, manifests: [] },
    requirements: [],
    sourceRoots: [],
  };
}

/** A wheel wherever the files say how to build one. Source: PEP 517; uv's `package`, Poetry's `package-mode`. */
function formOf(files: FileSource, root: string): Library['form'] {
  const path = posix.join(root, 'pyproject.toml');
  const table = readTomlOnce(files, path) ?? {};
  const off = [
    valueAt(table, 'tool', 'uv', 'package') === false ? '"package = false"' : undefined,
    valueAt(table, 'tool', 'poetry', 'package-mode') === false ? '"package-mode = false"' : undefined,
  ].find((reason) => reason !== undefined);
  if (off !== undefined) return { value: 'in-place', from: `${off} in ${path}` };
  if (stringAt(tableAt(table, 'build-system'), 'build-backend') !== undefined || 'build-system' in table) {
    return { value: 'wheel', from: `build-system in ${path}` };
  }
  const script = posix.join(root, 'setup.py');
  if (files.read(script) !== undefined) return { value: 'wheel', from: script };
  return { value: 'in-place', from: `no build-system in ${path}` };
}
