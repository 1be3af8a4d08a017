import { posix } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import { readBuildFacts } from '../detection/build-facts';
import type { FileSource } from '../detection/files';
import { readLibraries } from '../detection/libraries';
import { chooseManager, type ManagerChoice } from '../detection/managers';
import { development } from '../detection/managers/development';
import { derivedFrom } from '../detection/managers/parse-cache';
import { stringAt, stringsAt } from '../detection/toml';
import { chooseInstall } from '../plan/application';
import { nxInputs, selectContext, sentAnyway, type SharedPatterns } from '../plan/context';
import { libraryFiles, libraryFolders } from '../plan/libraries';
import { checkRoot, isBelow } from '../plan/paths';
import { SETTINGS_FILE } from '../settings/file-name';

/** Inputs of a target. */
export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What the build reads beside the code of the project. */
interface Sources {
  readonly manifests: readonly string[];
  readonly libraries: readonly string[];
}

/**
 * Inputs of the target that builds: the files of the selection, then others. Projects that differ in nothing but their
 * root have the same ones, as `{projectRoot}` stands for it; they get one list, made once, and nobody may change it.
 * With a thousand projects that is most of the time that a graph takes.
 *
 * @param settings of the project, in whatever state they are
 * @param others inputs that are no files of the selection
 */
export function buildInputs(files: FileSource, root: string, settings: object, others: Inputs): Inputs {
  const sources = sourcesOf(files, root, settings);
  const chosen = { include: stringsAt(settings, 'include'), exclude: stringsAt(settings, 'exclude') };
  try {
    checkRoot(root);
    const make = (): Inputs => [...fileInputs(files, root, { ...sources, ...chosen }), ...others];
    return isMovable(root, sources, chosen)
      ? derivedFrom(files, `inputs ${JSON.stringify([fromRoot(root, sources), others])}`, make)
      : make();
  } catch {
    return ['{projectRoot}/**/*', ...others];
  }
}

/** Whether the inputs would be the same for the same project in another folder. */
function isMovable(
  root: string,
  { libraries }: Sources,
  { include, exclude }: { readonly include: readonly string[]; readonly exclude: readonly string[] },
): boolean {
  const apart = libraries.every((library) => !isBelow(library, root) && !isBelow(root, library));
  return root !== '.' && apart && include.length + exclude.length === 0;
}

/** What of the sources the inputs depend on. Manifests in the project are among its files anyway. */
function fromRoot(root: string, { manifests, libraries }: Sources): readonly unknown[] {
  return [sentAnyway(manifests, root), manifests.filter((path) => !isBelow(path, root)), libraries];
}

function fileInputs(
  files: FileSource,
  root: string,
  selected: Sources & { readonly include: readonly string[]; readonly exclude: readonly string[] },
): readonly string[] {
  const alsoHashed = [SETTINGS_FILE, 'Dockerfile', 'Dockerfile.dockerignore'].map((file) =>
    posix.join(root, file),
  );
  const shared = derivedFrom<SharedPatterns>(files, 'patterns', () => new Map());
  return nxInputs(selectContext({ root, ...selected, otherRoots: [] }, shared), root, alsoHashed);
}

/** What the build reads beside the project: libraries, the chain of requirements files, a workspace's lock. */
function sourcesOf(files: FileSource, root: string, settings: object): Sources {
  try {
    const question = {
      files,
      root,
      extras: stringsAt(settings, 'extras'),
      groups: stringsAt(settings, 'groups'),
    };
    const { recipe, manager: chosen, localPackages } = chooseManager(question, choiceIn(settings));
    const libraries = readLibraries(files, root, localPackages);
    const build = readBuildFacts(files, root);
    const packaged =
      chooseInstall({ value: installSetting(settings), from: 'settings' }, build).value === 'package';
    const manifests = [
      ...recipe.files,
      ...libraryFiles(libraries),
      // Read by the stage `dev` alone, but Nx has one set of inputs for all stages. The content key
      // has not: where only these changed, nothing is built for production.
      ...development(question, chosen.value).lists,
      ...(packaged ? build.manifests : []),
    ];
    return { manifests, libraries: libraryFolders(libraries) };
  } catch {
    return { manifests: [], libraries: [] };
  }
}

function choiceIn(settings: object): ManagerChoice {
  const [manager, requirements] = [stringAt(settings, 'manager'), stringAt(settings, 'requirements')];
  return {
    ...(manager === undefined ? {} : { manager: { value: manager as never, from: 'settings' } }),
    ...(requirements === undefined ? {} : { requirements: { value: requirements, from: 'settings' } }),
  };
}

function installSetting(settings: object): 'auto' | 'in-place' | 'package' {
  const value = stringAt(settings, 'install');
  return value === 'package' || value === 'in-place' ? value : 'auto';
}
