import type { Library } from '../detection/libraries';
import type { Finding, Requirement } from '../detection/types';
import { placeOf } from './application';
import { isBelow } from './paths';
import type { LibrariesStage, PlannedLibrary } from './types';
import { NO_VERSION, versionWithoutGit } from './versions';

/** Workspace-relative folders of libraries, for the selection of files; a built one is a single file. */
export function libraryFolders(libraries: readonly Library[]): readonly string[] {
  return libraries.filter(({ form }) => form.value !== 'archive').map(({ root }) => root);
}

/** Workspace-relative files that belong to libraries wherever they lie: what their builds read, and built ones. */
export function libraryFiles(libraries: readonly Library[]): readonly string[] {
  return libraries.flatMap(({ root, form, build }) => (form.value === 'archive' ? [root] : build.manifests));
}

/** The stage that turns packages of the repository into a layer; none without them. */
export function librariesStage(project: string, libraries: readonly Library[]): readonly LibrariesStage[] {
  const trees = [project, ...libraryFolders(libraries)];
  return libraries.length === 0
    ? []
    : [{ name: 'libraries', libraries: libraries.map((library) => planLibrary(library, trees)) }];
}

function planLibrary(
  { root, distribution, form, build, sourceRoots }: Library,
  trees: readonly string[],
): PlannedLibrary {
  const place = placeOf(root);
  const version = versionWithoutGit(build);
  return {
    root,
    distribution,
    form: form.value,
    files: build.manifests.filter((file) => !isBelow(file, root)),
    without: trees.filter((tree) => tree !== root && isBelow(tree, root)),
    place,
    importPath: sourceRoots.map((folder) => (folder === '.' ? place : `${place}/${folder}`)),
    ...(version === undefined ? {} : { version }),
    ...(build.versionFile ? { versionFile: build.versionFile } : {}),
  };
}

/** What deserves attention about libraries. */
export function libraryFindings(libraries: readonly Library[]): readonly Finding[] {
  return libraries
    .filter(({ build }) => build.fromGit !== undefined && build.fromGit.fallback === undefined)
    .map(({ root }) => ({
      code: 'version-from-git',
      message: `The version of ${root} comes from git, which a build context does not have: inside of the image it is ${NO_VERSION}.`,
      hint: 'Nothing to do unless something asks for that version. A fallback version in its pyproject.toml is used.',
    }));
}

/** The requirements of a project and those that its libraries declare, where no lock has them already. */
export function withLibraries(
  requirements: readonly Requirement[],
  libraries: readonly Library[],
): readonly Requirement[] {
  const known = new Set(requirements.map(({ name }) => name));
  return [
    ...requirements,
    ...libraries.flatMap((library) => library.requirements).filter(({ name }) => !known.has(name)),
  ];
}
