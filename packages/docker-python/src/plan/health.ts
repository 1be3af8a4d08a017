import type { Process } from '../detection/types';
import type { HealthCheckSettings } from '../settings/running';

/** How the health of a process is known. */
export type HealthProbe =
  /** It answers. Without `below`, any protocol will do, since nobody said that it is HTTP. */
  | { readonly kind: 'http'; readonly path: string; readonly below?: number }
  /** A program says so with exit code 0; `$HOSTNAME` is expanded. */
  | { readonly kind: 'command'; readonly argv: readonly string[] }
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

/** What programs offer for this purpose. The first that knows the command decides. */
const KNOWN: readonly ((argv: readonly string[]) => HealthProbe | undefined)[] = [streamlit, celeryWorker];

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
