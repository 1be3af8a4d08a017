import { posix } from 'node:path';
import { GUNICORN_CONFIG } from '../detection/frameworks/server-table';
import type { Argv } from '../detection/types';

/**
 * What a server has to be told to serve well from a container: to let requests under way finish before the engine loses
 * patience, to believe the proxy in front, to log requests. Where a server reads variables, these are in the environment
 * of the image, so that whoever starts a container can change them; what it reads from its command line alone is added
 * there, unless the command says it itself.
 */
interface Server {
  readonly programs: readonly string[];
  readonly env?: (command: Argv, image: Care) => Readonly<Record<string, string>>;
  /** Option and value, as single words; in front of what the command has. */
  readonly options?: (command: Argv, image: Care) => readonly Option[];
  readonly stopSignal?: (command: Argv) => string | undefined;
}

/** What the care for one server of an image depends on. */
export interface Care {
  /** Seconds that requests under way get. */
  readonly grace: number;
  /** Of all processes of the image, which have one environment. */
  readonly commands: readonly Argv[];
  /** Project-relative files that these read. */
  readonly files: readonly string[];
}

interface Option {
  /** All names of the option. It is left out if the command has one of them. */
  readonly names: readonly string[];
  readonly words: Argv;
}

/** Only the proxy in front reaches a container. Overridden with `docker run --env`, or "env" in the settings. */
const TRUST_PROXY = { FORWARDED_ALLOW_IPS: '*' };

const SERVERS: readonly Server[] = [
  { programs: ['gunicorn'], env: gunicornEnvironment, options: gunicornOptions },
  {
    // Source: uvicorn's manual, "Settings": each option is a variable with this prefix.
    programs: ['uvicorn', 'fastapi'],
    env: (_, { grace }) => ({ ...TRUST_PROXY, UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: String(grace) }),
  },
  {
    // Source: its --help. It takes no forwarded headers; an application wraps itself (granian.utils.proxies).
    programs: ['granian'],
    env: (_, { grace }) => ({
      GRANIAN_LOG_ACCESS_ENABLED: 'true',
      GRANIAN_WORKERS_KILL_TIMEOUT: String(grace),
    }),
  },
  {
    // Source: its --help. It takes no forwarded headers; an application wraps itself (hypercorn.middleware).
    programs: ['hypercorn'],
    options: (_, { grace }) => [
      { names: ['--graceful-timeout'], words: ['--graceful-timeout', String(grace)] },
      { names: ['--access-logfile', '--access-log'], words: ['--access-logfile', '-'] },
    ],
  },
  {
    // Source: its --help. Requests under way are cut off: it has nothing against that.
    programs: ['daphne'],
    options: () => [{ names: ['--proxy-headers'], words: ['--proxy-headers'] }],
  },
  {
    // Source: Waitress's manual, "Arguments to waitress.serve". SIGTERM simply ends it; a keyboard interrupt lets requests finish.
    programs: ['waitress-serve'],
    options: () => [
      { names: ['--trusted-proxy'], words: ['--trusted-proxy=*'] },
      { names: ['--trusted-proxy'], words: ['--trusted-proxy-headers=x-forwarded-proto x-forwarded-for'] },
    ],
    stopSignal: () => 'SIGINT',
  },
  {
    // Source: uWSGI's manual, "Managing the uWSGI server" and "Hooks". It takes SIGTERM for "reload" by default.
    programs: ['uwsgi', 'pyuwsgi'],
    options: (command) =>
      hasMaster(command)
        ? [
            {
              names: ['--hook-master-start', '--die-on-term'],
              words: ['--hook-master-start=unix_signal:15 gracefully_kill_them_all'],
            },
          ]
        : [],
    stopSignal: (command) => (hasMaster(command) || has(command, ['--die-on-term']) ? undefined : 'SIGINT'),
  },
  {
    // Source: Sanic's guide, "Configuration": variables with this prefix. Its own patience is longer than an engine's, and
    // it counts pauses of a tenth of a second, which a busy machine makes longer.
    programs: ['sanic'],
    env: (_, { grace }) => ({
      SANIC_GRACEFUL_SHUTDOWN_TIMEOUT: String(Math.ceil(grace * 0.7)),
      SANIC_ACCESS_LOG: 'true',
    }),
  },
];

/** Variables for the servers among the commands of an image. */
export function serverEnvironment(image: Care): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...image.commands.map((command) => serverOf(command)?.env?.(command, image) ?? {}),
  ) as Record<string, string>;
}

/** The command with what its server knows from the command line alone. */
export function withServerOptions(command: Argv, image: Care): Argv {
  const options = serverOf(command)?.options?.(command, image) ?? [];
  const added = options.filter(({ names }) => !has(command, names)).flatMap(({ words }) => words);
  const program = programWords(command);
  return [...command.slice(0, program), ...added, ...command.slice(program)];
}

/** The signal that makes it finish what it has begun; undefined for the usual one, SIGTERM. */
export function stopSignalOf(command: Argv): string | undefined {
  return serverOf(command)?.stopSignal?.(command);
}

function serverOf(command: Argv): Server | undefined {
  const name = programOf(command);
  return SERVERS.find(({ programs }) => programs.includes(name));
}

/** The program that a command starts, without its folder. */
export function programOf(command: Argv): string {
  return posix.basename(command[programWords(command) - 1] ?? '');
}

/** How many words name the program: `uvicorn`, `python -m uvicorn`. */
export function programWords([first = '', second]: Argv): number {
  return /^python[\d.]*$/.test(posix.basename(first)) && second === '-m' ? 3 : 1;
}

function has(command: Argv, names: readonly string[]): boolean {
  return command.some((word) => names.includes(word.split('=')[0]!));
}

function hasMaster(command: Argv): boolean {
  return has(command, ['--master', '-M']);
}

/** The configuration that gunicorn reads by itself, from the folder that it is started in. Source: its manual, "Settings". */
const GUNICORN_FOUND = 'gunicorn.conf.py';

/** Project-relative files that the server of a command reads, if they are there, without having been told. */
export function configurationLookedFor(command: Argv): readonly string[] {
  return startsGunicorn(command) && !has(command, CONFIG) ? [GUNICORN_FOUND] : [];
}

/** Be it below another program: `newrelic-admin run-program gunicorn`. */
function startsGunicorn(command: Argv): boolean {
  return command.some((word) => posix.basename(word) === 'gunicorn');
}

const CONFIG = ['--config', '-c'];

/**
 * A gunicorn that reads neither our configuration nor another one: the same care by options, which what the command
 * says itself overrules. Its workers' heartbeats would be files in /tmp, whose disk may block them until they are taken
 * for dead. Source: gunicorn's FAQ, "How do I avoid Gunicorn excessively blocking in os.fchmod?"; its manual, "Settings".
 */
function unconfiguredGunicorn(command: Argv, { grace, files }: Care): Argv {
  if (has(command, CONFIG) || files.includes(GUNICORN_FOUND)) return [];
  return [
    '--worker-tmp-dir=/dev/shm',
    // With one thread a request that hangs starves all others of its worker, health checks among them.
    ...(has(command, ['--worker-class', '-k']) ? [] : ['--threads=4']),
    `--graceful-timeout=${grace}`,
    '--access-logfile=-',
  ];
}

/** Options in a variable are stronger than any configuration, so that they must not reach one of another process. */
function overrulesOthers({ commands }: Care): boolean {
  return commands.some((command) => startsGunicorn(command) && has(command, CONFIG));
}

function gunicornEnvironment(command: Argv, image: Care): Readonly<Record<string, string>> {
  // Ours says all of it, as a default that variables of other names change.
  if (command.includes(GUNICORN_CONFIG)) return {};
  const options = unconfiguredGunicorn(command, image);
  const optional = options.length > 0 && !overrulesOthers(image);
  // The variable is what a configuration that says nothing of proxies goes by: it overrules none.
  return { ...TRUST_PROXY, ...(optional ? { GUNICORN_CMD_ARGS: options.join(' ') } : {}) };
}

function gunicornOptions(command: Argv, image: Care): readonly Option[] {
  if (!overrulesOthers(image)) return [];
  return unconfiguredGunicorn(command, image).map((word) => ({
    names: [word.split('=')[0]!],
    words: [word],
  }));
}
