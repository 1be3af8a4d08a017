import { posix } from 'node:path';
import { splitCommand } from '../detection/argv';
import { detectProject } from '../detection/detect';
import type { FileSource } from '../detection/files';
import { scriptNames } from '../detection/frameworks/own-scripts';
import { GUNICORN_CONFIG } from '../detection/frameworks/server-table';
import { readLibraries, type Library } from '../detection/libraries';
import { refuseCircle } from '../detection/library-circle';
import { developmentFacts } from '../detection/managers/development';
import { pipVersion, UV_VERSION } from '../detection/managers/tools';
import { referenceFindings } from '../detection/reference-findings';
import {
  distributionName,
  type Argv,
  type DetectionOverrides,
  type Finding,
  type PythonProject,
  type Sourced,
} from '../detection/types';
import { DockerPythonError } from '../errors';
import { hookFindings, type Hooks } from '../plan/hooks';
import { ignoredPatterns } from '../plan/ignore-files';
import { libraryFolders } from '../plan/libraries';
import { DEV_TARGET, planImage } from '../plan/plan';
import type { ImagePlan } from '../plan/types';
import { renderDockerfile } from '../render/dockerfile';
import { renderDockerignore } from '../render/dockerignore';
import { renderGunicornConf } from '../render/gunicorn';
import {
  readSettingsFile,
  resolveSettings,
  type ResolvedSettings,
  type SettingsSource,
} from '../settings/resolve';
import { readBaseLock } from '../settings/base-lock';
import { BASE_LOCK_FILE, SETTINGS_FILE } from '../settings/file-name';
import { surroundings } from './surroundings';
import type { Settings } from '../settings/schema';
import { imageProcesses, processesOf, serverLeftOut } from './processes';
import { readTemplates } from './templates';

export { SETTINGS_FILE };

export interface DesignQuestion {
  readonly files: FileSource;
  /** Workspace-relative root of the project. */
  readonly root: string;
  /** Roots of all Nx projects. */
  readonly otherRoots: readonly string[];
  /** Whether libraries that nothing names become projects: `createProjects` in nx.json; default: true. */
  readonly createProjects?: boolean;
  /** From nx.json: weaker than the settings file. */
  readonly defaults?: Settings;
  /** Environment and options, stronger than the settings file, the strongest last. */
  readonly overrides?: readonly SettingsSource[];
  /** Whether a web application without a declared server may get one: `project.addServer` then names it. */
  readonly mayAddServer?: boolean;
  /** Workspace-relative folder of an organisation's own pieces: `templates` in nx.json. */
  readonly templates?: string;
  /** Stage of the image that is wanted. `dev` has stages and files that no other needs. */
  readonly target?: string;
}

/** A rendered file and where it belongs. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
}

export interface ImageDesign {
  readonly settings: ResolvedSettings;
  readonly project: PythonProject;
  readonly plan: ImagePlan;
  /** Packages of the repository that the image has, sorted by path. */
  readonly libraries: readonly Library[];
  /** Follow settings, manifests and graph. */
  readonly managed: readonly [dockerfile: RenderedFile, dockerignore: RenderedFile];
  /** Written once if absent, then the user's. */
  readonly seeds: readonly RenderedFile[];
  /** Scripts of the user, by what they do. */
  readonly hooks: Hooks;
  readonly findings: readonly Finding[];
}

/**
 * detect -> plan -> render: everything about an image that can be known without an engine.
 *
 * @throws DockerPythonError from any of the rooms
 */
export function designImage({
  files,
  root,
  otherRoots,
  createProjects = true,
  defaults,
  overrides = [],
  mayAddServer = false,
  templates,
  target = 'runtime',
}: DesignQuestion): ImageDesign {
  const settingsPath = posix.join(root, SETTINGS_FILE);
  const settingsText = files.read(settingsPath);
  const settings = resolveSettings([
    ...(defaults ? [{ from: 'nx.json', settings: defaults }] : []),
    ...(settingsText === undefined ? [] : [readSettingsFile(settingsText, settingsPath)]),
    ...overrides,
  ]);
  const decided = { ...detectionOverrides(settings), mayAddServer };
  const detected = detectProject(files, root, decided);
  const processes = imageProcesses(settings, detected.processes, argvOf);
  const isProject = (folder: string): boolean => createProjects || otherRoots.includes(folder);
  const project = {
    ...detected,
    processes,
    findings: [
      ...detected.findings,
      ...referenceFindings(files, root, isProject),
      ...serverLeftOut(processes, settings, () => {
        const { command: _first, ...rest } = decided;
        return detectProject(files, root, rest).processes;
      }),
    ],
  };
  const around = { otherRoots, ...surroundings(files, root, project, settings) };
  const question = {
    files,
    root,
    extras: decided.extras ?? [],
    groups: decided.groups ?? [],
    imagePython: project.python.value,
  };
  const development = target === DEV_TARGET ? developmentFacts(question, project) : undefined;
  const { localPackages } = development ?? project;
  refuseCircle(files, { path: root, from: root, extras: question.extras }, localPackages);
  const libraries = readLibraries(files, root, localPackages);
  const { installer } = settings.settings;
  const { uv, ...pip } = installerVersions(installer, project.python.value);
  const source = typeof installer === 'object' ? installer.source : undefined;
  const { pieces, gunicornConf = renderGunicornConf() } = readTemplates(files, templates);
  const planned = planImage(
    project,
    settings.settings,
    { name: 'uv', version: uv, ...(source === undefined ? {} : { source }) },
    {
      ...around,
      ...pip,
      libraries,
      // Those of libraries are installed beside the project's own.
      scripts: [root, ...libraries.map((library) => library.root)].flatMap((at) => scriptNames(files, at)),
      baseLock: readBaseLock(files.read(BASE_LOCK_FILE)),
      ...(development
        ? { development: { recipe: development.recipe, pip: `pip==${pipVersion(project.python.value)}` } }
        : {}),
    },
  );
  const plan = { ...planned, pieces };
  return {
    settings,
    project,
    plan,
    libraries,
    managed: [
      { path: posix.join(root, 'Dockerfile'), text: renderDockerfile(plan) },
      {
        path: posix.join(root, 'Dockerfile.dockerignore'),
        text: renderDockerignore(plan.context, ignoredPatterns(files, [root, ...libraryFolders(libraries)])),
      },
    ],
    hooks: around.hooks ?? {},
    findings: [...project.findings, ...plan.findings, ...hookFindings(files, root)],
    seeds: Object.values(project.processes).some(({ value }) => value.command.includes(GUNICORN_CONFIG))
      ? [{ path: posix.join(root, GUNICORN_CONFIG), text: gunicornConf }]
      : [],
  };
}

/** Workspace-relative scripts of the user that the stages up to the builder mount. */
export function builderScripts({ hooks }: ImageDesign): readonly string[] {
  return hooks.systemPackages === undefined ? [] : [hooks.systemPackages.path];
}

/** Versions of the installers that an image is built with: always uv, and pip where it is the one that was chosen. */
function installerVersions(
  setting: Settings['installer'] = 'uv',
  python: string,
): { readonly uv: string; readonly pip?: string } {
  const { name, version } = typeof setting === 'string' ? { name: setting, version: undefined } : setting;
  return name === 'uv'
    ? { uv: version ?? UV_VERSION }
    : { uv: UV_VERSION, pip: version ?? pipVersion(python) };
}

function detectionOverrides(resolved: ResolvedSettings): DetectionOverrides {
  const { settings, sources } = resolved;
  const sourced = <K extends keyof Settings>(key: K): Sourced<NonNullable<Settings[K]>> | undefined => {
    const value = settings[key];
    return value === undefined ? undefined : { value: value, from: `"${key}" in ${sources[key]}` };
  };
  const command = sourced('command') ?? firstCommand(resolved);
  const [manager, requirements] = [sourced('manager'), sourced('requirements')];
  const [python, port] = [sourced('python'), sourced('port')];
  return {
    ...(manager ? { manager } : {}),
    ...(requirements ? { requirements } : {}),
    ...(python ? { python } : {}),
    ...(port ? { port } : {}),
    ...(command ? { command: { from: command.from, value: argvOf(command, settings.port) } } : {}),
    extras: settings.extras ?? [],
    groups: settings.groups ?? [],
    extraRequirements: (settings.extraRequirements ?? []).map((entry) => {
      const [, name, version] = /^([^[=]+)(?:\[[^\]]*\])?==(\S+)/.exec(entry)!;
      return { name: distributionName(name!), version: version! };
    }),
  };
}

/** Where settings name the processes, nothing needs to be found: the first of them stands in for detection. */
function firstCommand(resolved: ResolvedSettings): Sourced<string[]> | undefined {
  const [first] = Object.values(processesOf(resolved, argvOf) ?? {});
  return first && { value: [...first.value.command], from: first.from };
}

/** Where nobody says which port a server listens on. */
const DEFAULT_PORT = 8000;

/** A command setting as an argument vector, with `$PORT` filled in. */
function argvOf({ value, from }: Sourced<NonNullable<Settings['command']>>, port = DEFAULT_PORT): Argv {
  const split = typeof value === 'string' ? splitCommand(value) : { argv: value };
  if ('problem' in split) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `The ${from} cannot be run without a shell: ${split.problem}.`,
      hint: 'Write one program with its arguments, best as a list: ["gunicorn", "api:app"]. For more, call a script of yours.',
    });
  }
  return split.argv.map((word) => word.replace(/\$(PORT\b|\{PORT\})/g, String(port)));
}
