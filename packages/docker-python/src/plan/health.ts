import type { Process } from '../detection/types';
import type { HealthCheckSettings } from '../settings/running';

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
function streamlit([program]: readonly string[]): HealthProbe | undefined {
  return program === 'streamlit' ? { kind: 'http', path: '/_stcore/health', below: 400 } : undefined;
}

/** Celery's own ping, to this very worker. Source: Celery's guide, "Monitoring and management". */
function celeryWorker(argv: readonly string[]): HealthProbe | undefined {
  const at = argv.indexOf('worker');
  const renamed = argv.some((word) => /^(-n|--hostname)(=|$)/.test(word));
  if (argv[0] !== 'celery' || at === -1 || renamed) return undefined;
  return {
    kind: 'command',
    argv: [...argv.slice(0, at), 'inspect', 'ping', '--destination', 'celery@$HOSTNAME'],
  };
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
