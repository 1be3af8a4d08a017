import type { BuildFacts } from '../detection/build-facts';
import type { PythonProject, Sourced } from '../detection/types';
import type { Settings } from '../settings/schema';
import { isBelow } from './paths';
import { HOOK_FILES, type Hooks } from './hooks';
import { versionWithoutGit } from './versions';
import type { ApplicationStage, ApplicationStep, ImagePlan, PlannedArtifact } from './types';

/** Files that only say what to install. The application does not read them, so they make no layer of it new. */
const LOCK_ONLY =
  /(^|\/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile|Pipfile\.lock|pylock(\.[^/]+)?\.toml|[^/]*(requirements|constraints)[^/]*\.(txt|in|pip|lock)|requirements\/[^/]+)$/i;

export interface ApplicationQuestion {
  readonly project: PythonProject;
  readonly build: BuildFacts;
  readonly install: ImagePlan['install'];
  readonly hooks: Hooks;
  /** Workspace-relative files that a lock stage reads. */
  readonly manifests: readonly string[];
  /** Further workspace-relative files that only build steps read. */
  readonly buildOnly: readonly string[];
  /** Workspace-relative folders and files of the selection. */
  readonly roots: readonly string[];
  /** Outputs of other targets, wherever they belong. */
  readonly artifacts: readonly PlannedArtifact[];
  /** Workspace-relative folders of the libraries, which are a layer of their own. */
  readonly libraries: readonly string[];
  readonly staticFiles: readonly ApplicationStep[];
  /** Project-relative files that the processes' commands name or look for. */
  readonly commandFiles: readonly string[];
}

/** In place, unless the user or the code says that it has to be built. */
export function chooseInstall(
  setting: Sourced<NonNullable<Settings['install']>> | undefined,
  build: BuildFacts,
): ImagePlan['install'] {
  if (setting && setting.value !== 'auto') return { value: setting.value, from: setting.from };
  return build.compiled
    ? { value: 'package', from: build.compiled.from }
    : { value: 'in-place', from: 'nothing of it has to be compiled' };
}

/** How the project's own code becomes a layer. */
export function applicationStage(question: ApplicationQuestion): ApplicationStage {
  const { project, build, install, hooks, manifests, libraries, roots, artifacts } = question;
  const place = placeOf(project.root);
  const buildOnly = [
    ...manifests.filter((file) => LOCK_ONLY.test(file) && isBelow(file, project.root)),
    // Hooks of the build; the entrypoint is part of the image.
    ...question.buildOnly,
    ...(['systemPackages', 'dependencies', 'buildCode'] as const).flatMap((name) =>
      hooks[name] ? [hooks[name].path] : [],
    ),
  ];
  const packaged = install.value === 'package';
  const version = versionWithoutGit(build);
  const nested = libraries.filter((library) => isBelow(library, project.root));
  const outside = roots.filter((path) => !isBelow(path, project.root));
  return {
    name: 'application',
    trees: roots.filter((path) => path === project.root || !manifests.includes(path)),
    artifacts: artifacts.filter(({ from, place: to }) => placeOf(from) !== to),
    place,
    leaveOut: [...new Set([...buildOnly, ...nested])].map((file) =>
      project.root === '.' ? file : file.slice(project.root.length + 1),
    ),
    needs: libraries.length > 0 ? ['libraries'] : [],
    importPath: project.sourceRoots.map((folder) => (folder === '.' ? place : `${place}/${folder}`)),
    distribution: project.distribution.value,
    steps: applicationSteps(question),
    ...(build.versionFile && !packaged ? { versionFile: build.versionFile } : {}),
    ...(version === undefined
      ? {}
      : { gitVersion: { version, ...(build.fromGit?.file ? { file: build.fromGit.file } : {}) } }),
    ...(packaged
      ? {
          packaged: {
            keep: [
              ...question.commandFiles.map((file) => `${place}/${file}`),
              ...(hooks.entrypoint ? [`${place}/${HOOK_FILES.entrypoint}`] : []),
              ...outside.filter((path) => !manifests.includes(path)).map(placeOf),
              ...artifacts.map((artifact) => artifact.place),
            ],
          },
        }
      : {}),
  };
}

function applicationSteps({
  build,
  install,
  hooks,
  staticFiles,
}: ApplicationQuestion): readonly ApplicationStep[] {
  const extensions = install.value === 'in-place' && build.compiled?.value === 'extensions';
  return [
    ...(extensions
      ? [{ kind: 'extensions' as const, requires: build.requires, script: build.hasSetupPy }]
      : []),
    ...(hooks.buildCode ? [{ kind: 'hook' as const, script: hooks.buildCode }] : []),
    ...staticFiles,
  ];
}

/** Where a workspace-relative path lies in the image. */
export function placeOf(path: string): string {
  return path === '.' ? '/app' : `/app/${path}`;
}
