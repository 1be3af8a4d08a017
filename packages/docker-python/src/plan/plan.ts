import type { BuildFacts } from '../detection/build-facts';
import type { Finding, InstallRecipe, PythonProject, Sourced } from '../detection/types';
import type { NamedIndex } from '../detection/indexes';
import type { Library } from '../detection/libraries';
import type { BaseLock } from '../settings/base-lock';
import type { Settings } from '../settings/schema';
import { applicationStage, chooseInstall, placeOf } from './application';
import { planArtifacts } from './artifacts';
import { chooseBase, debianImage, pinned, type BaseImage } from './bases';
import { planBuildEnvironment } from './build-environment';
import { selectContext } from './context';
import { below, checkRoot, rootsOf, within } from './paths';
import type { Hooks } from './hooks';
import { KNOWN_HOSTS_FILE } from './known-hosts';
import { librariesStage, libraryFiles, libraryFindings, libraryFolders, withLibraries } from './libraries';
import { planProcesses } from './processes';
import { fromMirror, mirrored } from './registry-mirror';
import { planRuntime } from './runtime';
import { missingLibraryPackages } from './shared-libraries';
import { systemPackages } from './system-packages';
import type { ApplicationStep, DependenciesStage, ImagePlan, Installer, LayerSource, Stage } from './types';

export { placeOf } from './application';
export { defaultProcess } from './runtime';
export { DEV_TARGET } from './types';

/** Families whose repositories have tini. */
const WITH_TINI = ['debian', 'ubuntu', 'alpine'];

/** What is known about a project and its surroundings beside its dependencies and processes. */
export interface PlanContext {
  /** Roots of all Nx projects of the workspace. */
  readonly otherRoots: readonly string[];
  readonly hooks?: Hooks;
  /** The base lock of the workspace; empty where there is none. */
  readonly baseLock?: BaseLock;
  /** Host keys that the project adds to the usual ones, in the form of `known_hosts`. */
  readonly knownHosts?: string;
  /** Indexes of packages that the manifests name. */
  readonly indexes?: readonly NamedIndex[];
  /** Packages of the repository that it needs. */
  readonly libraries?: readonly Library[];
  readonly build?: BuildFacts;
  readonly install?: Sourced<NonNullable<Settings['install']>>;
  /** What Django's static files need, if they are configured. */
  readonly staticFiles?: readonly Extract<ApplicationStep, { kind: 'static-files' }>[];
  /** Distributions by another name that the code itself asks for: `django.contrib.gis`. */
  readonly codeNeeds?: readonly string[];
  /** Project-relative files that the processes' commands name or look for. */
  readonly commandFiles?: readonly string[];
  /** Names of the programs of the project and of its libraries. */
  readonly scripts?: readonly string[];
  /** Version of pip, where that installs the dependencies instead of uv. */
  readonly pip?: string;
  /** For an image to work in: production and development dependencies, and pip. */
  readonly development?: { readonly recipe: InstallRecipe; readonly pip: string };
}

/**
 * Which image should this project become? Pure.
 *
 * @throws DockerPythonError for what no image can be planned for
 */
export function planImage(
  project: PythonProject,
  settings: Settings,
  installer: Installer,
  around: PlanContext,
): ImagePlan {
  checkRoot(project.root);
  const {
    hooks = {},
    knownHosts,
    indexes = [],
    libraries = [],
    build = NO_BUILD,
    staticFiles = [],
    codeNeeds = [],
    commandFiles = [],
    scripts = [],
    development,
    pip,
    baseLock = [],
  } = around;
  const by = pip === undefined ? ('uv' as const) : ('pip' as const);
  const python = project.python.value;
  const install = chooseInstall(around.install, build);
  const manifests = [...new Set([...project.recipe.files, ...(development?.recipe.files ?? [])])];
  const folders = libraryFolders(libraries);
  const artifacts = planArtifacts(settings.artifacts ?? [], [project.root, ...folders]);
  const context = selectContext({
    root: project.root,
    libraries: folders,
    manifests: [
      ...manifests,
      ...libraryFiles(libraries),
      ...(install.value === 'package' ? build.manifests : []),
    ],
    otherRoots: around.otherRoots,
    include: settings.include ?? [],
    exclude: settings.exclude ?? [],
    artifacts: artifacts.map(({ from }) => from),
  });
  const running = planProcesses(project, settings, placeOf(project.root), scripts, commandFiles);
  const image = pinned(fromMirror(chooseBase(settings.base, python), settings.registryMirror), baseLock);
  const buildEnvironment = planBuildEnvironment(settings, indexes);
  const { findings, ...packages } = systemPackages({
    project: { ...project, requirements: withLibraries(project.requirements, libraries) },
    builds: [build, ...libraries.map((library) => library.build)],
    codeNeeds,
    release: image.release,
    systemPython: image.systemPython,
    settings: settings.systemPackages ?? {},
    ssh: buildEnvironment.ssh,
  });
  const names = (from: readonly Sourced<string>[]): readonly string[] => from.map(({ value }) => value);
  const copies = layers(libraries, staticFiles);
  const lock = {
    root: project.root,
    manager: project.manager.value,
    extra: settings.extraRequirements ?? [],
  };
  const systemHook = hooks.systemPackages ? { hook: hooks.systemPackages } : {};
  const stages: Stage[] = [
    ...(buildEnvironment.ssh ? [{ name: 'known-hosts' as const, keys: knownHosts ?? '' }] : []),
    ...(WITH_TINI.includes(image.family)
      ? []
      : [
          {
            name: 'tini' as const,
            image: pinned({ reference: mirrored(debianImage(python), settings.registryMirror) }, baseLock),
          },
        ]),
    { name: 'base', image, packages: names(packages.runtime), ...systemHook },
    { name: 'scripts' },
    { name: 'stdlib' },
    {
      name: 'builder',
      image,
      packages: names(packages.build),
      installer,
      ...(pip === undefined ? {} : { pip }),
      ...systemHook,
    },
    ...(hooks.dependencies && !hooks.dependencies.readsList
      ? []
      : [{ name: 'lock' as const, recipe: project.recipe, ...lock }]),
    {
      name: 'dependencies',
      installer: by,
      lists: listsOf(project.recipe, lock.extra),
      requireHashes: demandsHashes(project.recipe, settings),
      ...(hooks.dependencies
        ? { hook: { script: hooks.dependencies, root: project.root, files: project.recipe.files } }
        : {}),
    },
    ...librariesStage(project.root, libraries),
    {
      name: 'linkage',
      parts: ['dependencies', ...(libraries.length > 0 ? ['libraries' as const] : [])],
      packages: missingLibraryPackages(image.release),
      optional: settings.systemPackages?.optionalLibraries ?? [],
    },
    applicationStage({
      project,
      build,
      install,
      hooks,
      staticFiles,
      commandFiles,
      manifests: [...manifests, ...libraryFiles(libraries)],
      buildOnly: knownHosts === undefined ? [] : [within(project.root, KNOWN_HOSTS_FILE)],
      libraries: folders,
      artifacts,
      roots: rootsOf(
        context.include.filter((pattern) => !folders.some((folder) => pattern === below(folder))),
      ),
    }),
    { name: 'processes', processes: running.processes, writable: running.writable },
    { name: 'runtime', copies },
    ...(development
      ? [
          {
            name: 'lock-dev' as const,
            recipe: development.recipe,
            ...lock,
            root: project.shared?.root ?? lock.root,
          },
          {
            name: 'dev' as const,
            installer: by,
            lists: listsOf(development.recipe, lock.extra),
            requireHashes: demandsHashes(development.recipe, settings),
            pip: development.pip,
            copies,
          },
        ]
      : []),
  ];
  return {
    python,
    stages,
    context,
    buildEnvironment,
    runtime: planRuntime(project, settings, hooks, running),
    systemPackages: packages,
    install,
    findings: [
      ...findings,
      ...libraryFindings(libraries),
      ...unlockedBase(image, baseLock),
      ...(install.value === 'in-place' && build.versionUnknown ? [UNKNOWN_VERSION] : []),
    ],
  };
}

/** A base that a lock should have and has not: the image follows a tag again, and no renewal reaches it. */
function unlockedBase({ reference, packages }: BaseImage, lock: BaseLock): readonly Finding[] {
  if (lock.length === 0 || packages !== undefined) return [];
  return [
    {
      code: 'base-not-locked',
      message: `The base image ${reference} is not in docker-python.lock.json.`,
      hint: 'Run nx g docker-python:refresh, and commit what it changes.',
    },
  ];
}

function listsOf({ format }: InstallRecipe, extra: readonly string[]): DependenciesStage['lists'] {
  if (format === undefined) return ['requirements'];
  return extra.length > 0 ? [format, 'requirements'] : [format];
}

/** A project whose files say nothing about how it is built. */
const NO_BUILD: BuildFacts = { requires: [], hasSetupPy: false, versionUnknown: false, manifests: [] };

/** There is no `.git` in a build context, and computing a version may need one. */
const UNKNOWN_VERSION: Finding = {
  code: 'version-unknown',
  message:
    'The version of the project is dynamic, and no file of it says what it is: inside of the image it is 0.0.0.',
  hint: 'Nothing to do unless the program asks for its own version. A literal __version__ in the package is found.',
};

/** What changes most often comes last. Static files have a layer of their own: code changes more often than they do. */
function layers(
  libraries: readonly Library[],
  staticFiles: readonly ApplicationStep[],
): readonly LayerSource[] {
  return [
    'stdlib',
    'dependencies',
    ...(libraries.length > 0 ? ['libraries' as const] : []),
    ...(staticFiles.length > 0 ? ['static-files' as const] : []),
    'application',
    'processes',
  ];
}

/** uv learns no hashes from a page of wheels, so a list that is resolved in the build may have entries without. */
function demandsHashes({ hashed, network }: InstallRecipe, { buildEnv = {} }: Settings): boolean {
  return hashed && !(network && ['PIP_FIND_LINKS', 'UV_FIND_LINKS'].some((name) => name in buildEnv));
}
