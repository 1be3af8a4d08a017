import { posix } from 'node:path';
import type { Argv, Process, PythonProject, Sourced } from '../detection/types';
import { DockerPythonError } from '../errors';
import type { Settings } from '../settings/schema';
import { seconds } from '../settings/values';
import { DEFAULT_TIMING, healthProbe, type HealthProbe, type HealthTiming } from './health';

/** A process as the image knows it: there is a launcher of its name on PATH. */
export interface PlannedProcess {
  readonly name: string;
  /** Words with `$PORT` where the port belongs. */
  readonly command: Argv;
  readonly port?: number;
  readonly health?: HealthProbe;
}

/** Folder of the launchers. Last on PATH, so that no process hides a program. */
export const LAUNCHERS = '/opt/docker-python/bin';

/** How an image runs its processes. */
export interface ProcessPlan {
  /** The default one first. */
  readonly processes: readonly PlannedProcess[];
  /** Absolute folders that the application may write. */
  readonly writable: readonly string[];
  readonly health?: HealthTiming;
  readonly stopSignal?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** gunicorn has to be done before the engine loses patience. */
const MARGIN_SECONDS = 2;

/**
 * Processes, health checks and signals of an image. Pure.
 *
 * @param place absolute folder of the project in the image
 */
export function planProcesses(project: PythonProject, settings: Settings, place: string): ProcessPlan {
  const names = Object.keys(project.processes);
  const first = names.includes('web') ? 'web' : names[0]!;
  const ordered = [first, ...names.filter((name) => name !== first)];
  const processes = ordered.map((name) => planned(name, project.processes[name]!, settings));
  const probe = processes.find(({ health }) => health !== undefined)?.health;
  const chosen = settings.healthCheck === false ? undefined : settings.healthCheck;
  const stopSignal = stopSignalOf(processes[0]!.command);
  return {
    processes,
    writable: (settings.writable ?? []).map((folder) => writableFolder(folder, place)),
    ...(probe === undefined
      ? {}
      : {
          health: {
            ...DEFAULT_TIMING[probe.kind],
            ...(chosen?.interval ? { interval: seconds(chosen.interval) } : {}),
            ...(chosen?.timeout ? { timeout: seconds(chosen.timeout) } : {}),
            ...(chosen?.startPeriod ? { startPeriod: seconds(chosen.startPeriod) } : {}),
          },
        }),
    ...(stopSignal === undefined ? {} : { stopSignal }),
    env: settings.stopTimeout
      ? { GRACEFUL_TIMEOUT: String(Math.max(1, seconds(settings.stopTimeout) - MARGIN_SECONDS)) }
      : {},
  };
}

/** The word that starts a process in the image: its name, or its path where a program has that name. */
export function launcherWord(name: string, processes: readonly Pick<PlannedProcess, 'command'>[]): string {
  return processes.some(({ command }) => command[0] === name) ? posix.join(LAUNCHERS, name) : name;
}

function planned(name: string, { value }: Sourced<Process>, settings: Settings): PlannedProcess {
  const own = settings.processes?.[name];
  const object = typeof own === 'object' && !Array.isArray(own) ? own : undefined;
  const health = healthProbe(value, object?.healthCheck ?? settings.healthCheck);
  return {
    name,
    command: value.port === undefined ? value.command : withPortVariable(value.command, value.port),
    ...(value.port === undefined ? {} : { port: value.port }),
    ...(health === undefined ? {} : { health }),
  };
}

/** `--port 8000`, `--bind 0.0.0.0:8000`, `--port=8000` -> `$PORT`, so that PORT can be set at run time. */
export function withPortVariable(command: Argv, port: number): Argv {
  const number = String(port);
  return command.map((word, i) => {
    if (!word.endsWith(number) || word.includes('//')) return word;
    const before = word.slice(0, -number.length);
    const alone = before === '' && /^--?[\w.-]*(port|p|bind|b|listen|http)$/i.test(command[i - 1] ?? '');
    const joined = /^--?[\w.-]*(port|p|bind|b|listen|http)[\w.-]*=([\w.[\]*-]*:)?$/i.test(before);
    return alone || joined || /^(\d+\.\d+\.\d+\.\d+|\[::\]|\*|localhost)?:$/.test(before)
      ? `${before}$PORT`
      : word;
  });
}

/** uWSGI takes SIGTERM for "reload" unless it is told otherwise. Source: uWSGI's manual, "Managing uWSGI". */
function stopSignalOf(command: Argv): string | undefined {
  return command[0] === 'uwsgi' && !command.includes('--die-on-term') ? 'SIGINT' : undefined;
}

function writableFolder(folder: string, place: string): string {
  const path = posix.resolve(place, folder);
  if (path !== place && path.split('/').length > 2 && /^[\w@%+=:,./-]+$/.test(path)) return path;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"writable" has ${JSON.stringify(folder)}, which would be ${path} in the image.`,
    hint: 'Name a folder below the project, such as "media", or an absolute one such as "/var/lib/app". The code itself stays read-only.',
  });
}
