import { posix } from 'node:path';
import { splitCommand } from '../detection/argv';
import { detectProject } from '../detection/detect';
import type { FileSource } from '../detection/files';
import { UV_VERSION } from '../detection/managers/tools';
import type { Argv, DetectionOverrides, PythonProject, Sourced } from '../detection/types';
import { DockerPythonError } from '../errors';
import { ignoredPatterns } from '../plan/ignore-files';
import { planImage } from '../plan/plan';
import type { ImagePlan } from '../plan/types';
import { renderDockerfile } from '../render/dockerfile';
import { renderDockerignore } from '../render/dockerignore';
import { renderGunicornConf } from '../render/gunicorn';
import { readSettingsFile, resolveSettings, type ResolvedSettings, type SettingsSource } from '../settings/resolve';
import type { Settings } from '../settings/schema';
import { processesOf } from './processes';

/** Name of the settings file in a project's root. */
export const SETTINGS_FILE = 'docker-python.json';

export interface DesignQuestion {
  readonly files: FileSource;
  /** Workspace-relative root of the project. */
  readonly root: string;
  /** Roots of all Nx projects. */
  readonly otherRoots: readonly string[];
  /** From nx.json: weaker than the settings file. */
  readonly defaults?: Settings;
  /** Environment and options, stronger than the settings file, the strongest last. */
  readonly overrides?: readonly SettingsSource[];
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
  /** Follow settings, manifests and graph. */
  readonly managed: readonly [dockerfile: RenderedFile, dockerignore: RenderedFile];
  /** Written once if absent, then the user's. */
  readonly seeds: readonly RenderedFile[];
}

/**
 * detect -> plan -> render: everything about an image that can be known without an engine.
 *
 * @throws DockerPythonError from any of the rooms
 */
export function designImage({ files, root, otherRoots, defaults, overrides = [] }: DesignQuestion): ImageDesign {
  const settingsPath = posix.join(root, SETTINGS_FILE);
  const settingsText = files.read(settingsPath);
  const settings = resolveSettings([
    ...(defaults ? [{ from: 'nx.json', settings: defaults }] : []),
    ...(settingsText === undefined ? [] : [readSettingsFile(settingsText, settingsPath)]),
    ...overrides,
  ]);
  const project = detectAll(files, root, settings);
  const plan = planImage(project, settings.settings, { name: 'uv', version: UV_VERSION }, { otherRoots });
  return {
    settings,
    project,
    plan,
    managed: [
      { path: posix.join(root, 'Dockerfile'), text: renderDockerfile(plan) },
      {
        path: posix.join(root, 'Dockerfile.dockerignore'),
        text: renderDockerignore(plan.context, ignoredPatterns(files, root)),
      },
    ],
    seeds: Object.values(project.processes).some(({ value }) => value.command.includes(GUNICORN_CONF))
      ? [{ path: posix.join(root, GUNICORN_CONF), text: renderGunicornConf() }]
      : [],
  };
}

/** Where gunicorn's configuration lies in a project; detection composes commands that name it. */
const GUNICORN_CONF = 'docker/gunicorn.conf.py';

/** What is detected, with the processes that the settings name instead of those that are found. */
function detectAll(files: FileSource, root: string, settings: ResolvedSettings): PythonProject {
  const processes = processesOf(settings, argvOf);
  const first = processes && (processes['web'] ?? Object.values(processes)[0]);
  const overrides = detectionOverrides(settings);
  if (!processes || !first) return detectProject(files, root, overrides);
  const command = { value: first.value.command, from: first.from };
  return { ...detectProject(files, root, { ...overrides, command }), processes };
}

function detectionOverrides({ settings, sources }: ResolvedSettings): DetectionOverrides {
  const sourced = <K extends keyof Settings>(key: K): Sourced<NonNullable<Settings[K]>> | undefined => {
    const value = settings[key];
    return value === undefined ? undefined : { value: value as NonNullable<Settings[K]>, from: `"${key}" in ${sources[key]}` };
  };
  const command = sourced('command');
  const [manager, python, port] = [sourced('manager'), sourced('python'), sourced('port')];
  return {
    ...(manager ? { manager } : {}),
    ...(python ? { python } : {}),
    ...(port ? { port } : {}),
    ...(command ? { command: { from: command.from, value: argvOf(command, settings.port) } } : {}),
    extras: settings.extras ?? [],
    groups: settings.groups ?? [],
  };
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
