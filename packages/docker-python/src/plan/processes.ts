import { posix } from 'node:path';
import { GUNICORN_CONFIG } from '../detection/frameworks/server-table';
import type { Argv, Process, PythonProject, Sourced } from '../detection/types';
import { DockerPythonError } from '../errors';
import { STOP_TIMEOUT } from '../settings/running';
import type { Settings } from '../settings/schema';
import { seconds } from '../settings/values';
import {
  commonTiming,
  DEFAULT_TIMING,
  healthProbe,
  patienceOf,
  type HealthProbe,
  type HealthTiming,
} from './health';
import { serverEnvironment, stopSignalOf, withServerOptions, type Care } from './servers';

/** A process as the image knows it: there is a launcher of its name on PATH. */
export interface PlannedProcess {
  readonly name: string;
  /** Words with `$PORT` where the port belongs. */
  readonly command: Argv;
  readonly port?: number;
  readonly health?: HealthProbe;
  /** Seconds that its probe waits, where it waits for something. */
  readonly patience?: number;
  /** The word that starts it in a container: its name, or its path where a program may have that name. */
  readonly launcher: string;
}

/** Folder of the launchers. Last on PATH, so that no process hides a program. */
export const LAUNCHERS = '/opt/docker-python/bin';

/** Names that no usual program has: they are good to read where they stand alone. */
const NO_PROGRAMS = ['web', 'worker', 'beat', 'scheduler', 'main'];

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

/** A server has to be done before the engine loses patience. */
const MARGIN_SECONDS = 2;

/**
 * Processes, health checks and signals of an image. Pure.
 *
 * @param place absolute folder of the project in the image
 * @param scripts names of the project's own programs
 * @param files project-relative files that the commands read
 */
export function planProcesses(
  project: PythonProject,
  settings: Settings,
  place: string,
  scripts: readonly string[] = [],
  files: readonly string[] = [],
): ProcessPlan {
  const names = Object.keys(project.processes);
  const first = names.includes('web') ? 'web' : names[0]!;
  const ordered = [first, ...names.filter((name) => name !== first)];
  const grace = Math.max(1, seconds(settings.stopTimeout ?? STOP_TIMEOUT) - MARGIN_SECONDS);
  const commands = ordered.map((name) => project.processes[name]!.value.command);
  const image = { grace, commands, files };
  const programs = [...scripts, ...commands.map(([program]) => program!)];
  const processes = ordered.map((name) => ({
    ...planned(name, project.processes[name]!, settings, image, first),
    launcher: NO_PROGRAMS.includes(name) && !programs.includes(name) ? name : posix.join(LAUNCHERS, name),
  }));
  const [probe, ...probes] = processes.flatMap(({ health }) => health ?? []);
  const chosen = settings.healthCheck === false ? undefined : settings.healthCheck;
  const stopSignal = stopSignalOf(processes[0]!.command);
  return {
    processes,
    writable: (settings.writable ?? []).map((folder) => writableFolder(folder, place)),
    ...(probe === undefined
      ? {}
      : {
          health: {
            ...commonTiming([probe, ...probes]),
            ...(chosen?.interval ? { interval: seconds(chosen.interval) } : {}),
            ...(chosen?.timeout ? { timeout: seconds(chosen.timeout) } : {}),
            ...(chosen?.startPeriod ? { startPeriod: seconds(chosen.startPeriod) } : {}),
          },
        }),
    ...(stopSignal === undefined ? {} : { stopSignal }),
    env: {
      // For our own configuration of gunicorn.
      ...(settings.stopTimeout ? { GRACEFUL_TIMEOUT: String(grace) } : {}),
      ...serverEnvironment(image),
    },
  };
}

function planned(
  name: string,
  { value }: Sourced<Process>,
  settings: Settings,
  image: Care,
  first: string,
): Omit<PlannedProcess, 'launcher'> {
  const own = settings.processes?.[name];
  const object = typeof own === 'object' && !Array.isArray(own) ? own : undefined;
  const port = value.port ?? (object?.port === null ? undefined : portOfCommand(value.command));
  const served = port === undefined ? {} : { port };
  // The path of all is that of what serves: a worker beside it answers no request.
  const answers = port !== undefined || name === first;
  const common = answers || settings.healthCheck === false ? settings.healthCheck : undefined;
  const health = healthProbe({ command: value.command, ...served }, object?.healthCheck ?? common);
  const command = withServerOptions(value.command, image);
  return {
    name,
    command: port === undefined ? command : withPortVariable(command, port),
    ...served,
    ...(health === undefined ? {} : { health }),
    ...(health === undefined || health.kind === 'alive'
      ? {}
      : { patience: patienceOf(timeoutOf(health, settings)) }),
  };
}

/** Seconds that the check of a process may take: what the user says, else what befits its kind. */
function timeoutOf({ kind }: HealthProbe, { healthCheck }: Settings): number {
  const chosen = healthCheck === false ? undefined : healthCheck?.timeout;
  return chosen === undefined ? DEFAULT_TIMING[kind].timeout : seconds(chosen);
}

/** Where the words of a command have a port: `--port 8000`, `--bind 0.0.0.0:8000`, `--server.port=8000`. */
const OPTION = String.raw`--?[\w.-]*?(?:port|p|bind|b|listen|http)`;
const HOST = String.raw`(?:\d+\.\d+\.\d+\.\d+|\[::\]|\*|localhost)?:`;
const ALONE = new RegExp(`^${OPTION}$`, 'i');
/** An assignment before the program: `env GRADIO_SERVER_PORT=7860 python demo.py`. */
const VARIABLE = String.raw`[A-Z]\w*_SERVER_PORT=`;
const PORT_WORD = new RegExp(`^((?:${OPTION}=)?${HOST}|${OPTION}=|${VARIABLE})(\\d{1,5})$`, 'i');

/** `--port 8000` -> `--port $PORT`, so that PORT can be set at run time. */
export function withPortVariable(command: Argv, port: number): Argv {
  return command.map((word, i) => {
    const found = portOfWord(word, command[i - 1]);
    return found?.port === port ? `${found.before}$PORT` : word;
  });
}

/** The port that a command names itself, or that our configuration of gunicorn has. */
export function portOfCommand(command: Argv): number | undefined {
  const named = command
    .map((word, i) => portOfWord(word, command[i - 1]))
    .find((found) => found !== undefined);
  return named?.port ?? (command[0] === 'gunicorn' && command.includes(GUNICORN_CONFIG) ? 8000 : undefined);
}

function portOfWord(word: string, previous = ''): { before: string; port: number } | undefined {
  if (ALONE.test(previous) && /^\d{1,5}$/.test(word)) return { before: '', port: Number(word) };
  const [, before, digits] = PORT_WORD.exec(word) ?? [];
  return before === undefined ? undefined : { before, port: Number(digits) };
}

/** Folders of the system, and those of the image that nobody but a build writes. */
const OF_THE_SYSTEM = /^\/(app|bin|boot|dev|etc|home|lib\w*|opt|proc|root|run|sbin|sys|tmp|usr|var)?$/;

/** Whether an absolute folder is one that no application may have to itself. */
export function isOfTheSystem(folder: string): boolean {
  return OF_THE_SYSTEM.test(folder);
}

function writableFolder(folder: string, place: string): string {
  const path = posix.resolve(place, folder);
  if (path !== place && !isOfTheSystem(path) && /^[\w@%+=:,./-]+$/.test(path)) return path;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"writable" has ${JSON.stringify(folder)}, which would be ${path} in the image.`,
    hint: 'Name a folder below the project, such as "media", or an absolute one such as "/var/lib/app". The code itself stays read-only.',
  });
}
