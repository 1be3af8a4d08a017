import type { PythonProject } from '../detection/types';
import { DockerPythonError } from '../errors';
import type { Settings } from '../settings/schema';
import { checkRoot, contextRoots, isBelow, selectContext } from './context';
import { launcherWord, planProcesses } from './processes';
import type { ApplicationStage, BaseImage, ImagePlan, Installer, Stage } from './types';

/** The base image where nobody says otherwise; pinned to a Debian release, so that it changes only on purpose. */
const DEFAULT_BASE = 'python:{python}-slim-trixie';

/** Numeric, so that `runAsNonRoot` can be checked; group 0, so that any other user id works as well. */
const USER = '10001:0';

/**
 * A name for any user id: an arbitrary one has no entry in /etc/passwd, and `getpass.getuser()` then reads these.
 * Source: Python's library reference, `getpass`.
 */
const WHO = { USER: 'app', LOGNAME: 'app' } as const;

/** Files that only say what to install. The application does not read them, so they make no layer of it new. */
const LOCK_ONLY = /(^|\/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile|Pipfile\.lock|pylock(\.[^/]+)?\.toml|[^/]*(requirements|constraints)[^/]*\.(txt|in|pip|lock)|requirements\/[^/]+)$/i;

export interface PlanContext {
  /** Roots of all Nx projects of the workspace. */
  readonly otherRoots: readonly string[];
}

/**
 * Which image should this project become? Pure.
 *
 * @throws DockerPythonError for what no image can be planned for
 */
export function planImage(project: PythonProject, settings: Settings, installer: Installer, around: PlanContext): ImagePlan {
  checkRoot(project.root);
  refuseLocalPackages(project);
  const python = project.python.value;
  const context = selectContext({
    root: project.root,
    manifests: project.recipe.files,
    otherRoots: around.otherRoots,
    include: settings.include ?? [],
    exclude: settings.exclude ?? [],
  });
  const running = planProcesses(project, settings, placeOf(project.root));
  const [web] = running.processes;
  const stages: Stage[] = [
    { name: 'base', image: baseImage(settings.base ?? DEFAULT_BASE, python), packages: settings.systemPackages?.runtime ?? [] },
    { name: 'stdlib' },
    { name: 'scripts' },
    { name: 'builder', packages: settings.systemPackages?.build ?? [], installer },
    { name: 'lock', root: project.root, manager: project.manager.value, recipe: project.recipe },
    { name: 'dependencies', requireHashes: project.recipe.hashed },
    applicationStage(project, contextRoots(context)),
    { name: 'processes', processes: running.processes, writable: running.writable },
    { name: 'runtime', copies: ['stdlib', 'dependencies', 'application', 'processes'] },
  ];
  return {
    python,
    stages,
    context,
    runtime: {
      user: USER,
      workdir: placeOf(project.root),
      env: { PYTHONUNBUFFERED: '1', PYTHONFAULTHANDLER: '1', HOME: '/tmp', ...WHO, ...running.env, ...settings.env },
      ports: web?.port === undefined ? [] : [web.port],
      entrypoint: ['tini', '--'],
      command: web ? [launcherWord(web.name, running.processes)] : [],
      ...(running.health ? { health: running.health } : {}),
      ...(running.stopSignal ? { stopSignal: running.stopSignal } : {}),
    },
  };
}

/** The process that the image runs by default: `web`, else the first. */
export function defaultProcess(project: PythonProject): PythonProject['processes'][string]['value'] {
  return (project.processes['web'] ?? Object.values(project.processes)[0]!).value;
}

/** Where a workspace-relative path lies in the image. */
export function placeOf(path: string): string {
  return path === '.' ? '/app' : `/app/${path}`;
}

function applicationStage(project: PythonProject, roots: readonly string[]): ApplicationStage {
  const relative = (path: string): string => (project.root === '.' ? path : path.slice(project.root.length + 1));
  const lockFiles = project.recipe.files.filter((file) => LOCK_ONLY.test(file));
  return {
    name: 'application',
    trees: roots.filter((path) => path === project.root || !project.recipe.files.includes(path)),
    place: placeOf(project.root),
    leaveOut: lockFiles.filter((file) => isBelow(file, project.root)).map(relative),
    importPath: project.sourceRoots.map((folder) => (folder === '.' ? placeOf(project.root) : `${placeOf(project.root)}/${folder}`)),
    distribution: project.distribution.value,
  };
}

function baseImage(template: string, python: string): BaseImage {
  const reference = template.replaceAll('{python}', python);
  if (!/^[a-zA-Z0-9][\w.:/@-]*$/.test(reference)) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `"base" is ${JSON.stringify(template)}, which is no image reference.`,
      hint: 'Write an image with a tag or digest, such as "python:{python}-slim-trixie".',
    });
  }
  return { reference, family: 'debian' };
}

function refuseLocalPackages(project: PythonProject): void {
  const local = project.localPackages[0];
  if (!local) return;
  throw new DockerPythonError({
    code: 'UNSUPPORTED_PROJECT',
    message: `${local.from} depends on the local package ${local.path}.`,
    hint: 'Local packages are not supported yet: publish it to an index, or dockerize the project by hand.',
  });
}
