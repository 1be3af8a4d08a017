import type { Process } from '../detection/types';
import type { HealthCheckSettings } from '../settings/running';
import { programOf, programWords } from './servers';

/** How the health of a process is known. */
export type HealthProbe =
  /** It answers. Without `below`, any protocol will do, since nobody said that it is HTTP. */
  | { readonly kind: 'http'; readonly path: string; readonly below?: number }
  /** A program says so with exit code 0, and prints a certain text; `$HOSTNAME` is expanded in both. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly prints?: string }
  /** It is there. */
  | { readonly kind: 'alive' };

/** Times of a health check, in seconds. */
export interface HealthTiming {
  readonly interval: number;
  readonly timeout: number;
  readonly startPeriod: number;
}

const ANSWERS: HealthTiming = { interval: 10, timeout: 5, startPeriod: 20 };

/** A program that imports the application costs processor time, so it is started less often. */
const PROGRAM: HealthTiming = { interval: 60, timeout: 20, startPeriod: 30 };

export const DEFAULT_TIMING: Readonly<Record<HealthProbe['kind'], HealthTiming>> = {
  http: ANSWERS,
  alive: ANSWERS,
  command: PROGRAM,
};

/**
 * Times of the one health check of an image, which serves whichever process runs: as often as befits the first, with
 * time for the slowest. What is done sooner is not delayed by that, and what hangs is given up by its own probe.
 */
export function commonTiming([first, ...others]: readonly [HealthProbe, ...HealthProbe[]]): HealthTiming {
  return others
    .map(({ kind }) => DEFAULT_TIMING[kind])
    .reduce(
      (common, { timeout, startPeriod }) => ({
        interval: common.interval,
        timeout: Math.max(common.timeout, timeout),
        startPeriod: Math.max(common.startPeriod, startPeriod),
      }),
      DEFAULT_TIMING[first.kind],
    );
}

/** How long a probe waits, in seconds: less than the check may take, so that it says why instead of being killed. */
export function patienceOf(timeout: number): number {
  return Math.max(timeout - 1, 0.5);
}

/** What programs offer for this purpose. The first that knows the command decides. */
const KNOWN: readonly ((argv: readonly string[]) => HealthProbe | undefined)[] = [
  streamlit,
  celeryWorker,
  rqWorker,
];

/** Which probe fits a process, unless the settings switch it off. */
export function healthProbe(
  { command, port }: Process,
  settings: HealthCheckSettings | undefined,
): HealthProbe | undefined {
  if (settings === false) return undefined;
  if (settings?.path !== undefined) return { kind: 'http', path: settings.path, below: 400 };
  for (const known of KNOWN) {
    const probe = known(command);
    if (probe) return probe;
  }
  return port === undefined ? { kind: 'alive' } : { kind: 'http', path: '/' };
}

/** The path that says whether a process is well, which is the one to ask from outside as well. */
export function healthPath(probe: HealthProbe | undefined): string | undefined {
  return probe?.kind === 'http' ? probe.path : undefined;
}

/** Source: Streamlit's server, `streamlit/web/server/server.py`. */
function streamlit(argv: readonly string[]): HealthProbe | undefined {
  return programOf(argv) === 'streamlit' ? { kind: 'http', path: '/_stcore/health', below: 400 } : undefined;
}

/** Celery's own ping, to this very worker. Source: Celery's guide, "Monitoring and management". */
function celeryWorker(argv: readonly string[]): HealthProbe | undefined {
  const at = subcommandOfCelery(argv);
  if (programOf(argv) !== 'celery' || argv[at] !== 'worker') return undefined;
  const node = nodeOfWorker(argv.slice(at + 1));
  if (node === undefined) return undefined;
  return { kind: 'command', argv: [...argv.slice(0, at), 'inspect', 'ping', '--destination', node] };
}

/** Options of `celery` itself that take a value. Source: its --help. */
const VALUES_OF_CELERY = [
  '-A',
  '--app',
  '-b',
  '--broker',
  '--result-backend',
  '--loader',
  '--config',
  '--workdir',
];

/** Where the subcommand stands; the value of an option before it, such as `--app worker`, is none. */
function subcommandOfCelery(argv: readonly string[]): number {
  let at = programWords(argv);
  while (argv[at]?.startsWith('-')) at += VALUES_OF_CELERY.includes(argv[at]!) ? 2 : 1;
  return at;
}

/**
 * The name by which a worker is asked; undefined where only the worker itself can tell it. Source: "Starting the worker"
 * in Celery's guide and its `celery/utils/nodenames.py`: without `@` the name is that of the host, `%h` is the host's.
 */
function nodeOfWorker(options: readonly string[]): string | undefined {
  const given = options.flatMap((word, i) => {
    if (word === '-n' || word === '--hostname') return [options[i + 1] ?? ''];
    return /^(?:-n|--hostname=)(.+)$/.exec(word)?.[1] ?? [];
  });
  const name = given.at(-1) ?? '';
  // %n and %d are parts of the host's name, %i is a process's; a list has commas.
  if (/[%$,]/.test(name.replaceAll('%h', ''))) return undefined;
  const [short, host] = name.includes('@') ? name.split(/@(.*)/s) : ['', name];
  return `${short || 'celery'}@${host || '%h'}`.replaceAll('%h', '$HOSTNAME');
}

/**
 * An RQ worker reports to Redis again and again; who has not done so for minutes is not listed any more. Source: RQ's
 * manual, "Monitoring" and "Workers".
 */
function rqWorker(argv: readonly string[]): HealthProbe | undefined {
  if (argv[0] !== 'rq' || !/^worker(-pool)?$/.test(argv[1] ?? '')) return undefined;
  const connection = argv.flatMap((word, i) => {
    if (/^(--url|--config)=/.test(word)) return [word];
    return /^(-u|--url|-c|--config|-P|--path)$/.test(word) ? [word, argv[i + 1] ?? ''] : [];
  });
  return {
    kind: 'command',
    argv: ['rq', 'info', '--only-workers', ...connection],
    prints: '$HOSTNAME',
  };
}
