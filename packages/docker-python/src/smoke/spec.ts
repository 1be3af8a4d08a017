import { DockerPythonError } from '../errors';
import { healthPath } from '../plan/health';
import type { PlannedProcess } from '../plan/processes';
import { STOP_TIMEOUT, type SmokeTestSettings } from '../settings/running';
import type { Settings } from '../settings/schema';
import { milliseconds, seconds } from '../settings/values';
import type { Expectation, SmokeSpec } from './types';

/** No entry in /etc/passwd, as a platform that assigns user ids would do it (OpenShift). */
const ARBITRARY_USER = '54321:0';

/** Programs and names that are made to stay up. */
const WORKER_PROGRAM = /^(celery|rq|arq|dramatiq|taskiq|huey_consumer(\.py)?|faust)$/;
const WORKER_NAME = /worker|beat|scheduler|consumer/;
/** Names of what runs once and ends. */
const JOB_NAME = /^(release|migrate|postdeploy|setup|init|job|cron)$/;

/** The settings of one process: its own over the project's. */
export function smokeSettings(settings: Settings, process: string): SmokeTestSettings | false {
  const entry = settings.processes?.[process];
  const own = typeof entry === 'object' && 'command' in entry ? entry.smokeTest : undefined;
  if (own === false || (own === undefined && settings.smokeTest === false)) return false;
  return { ...(settings.smokeTest === false ? {} : settings.smokeTest), ...own };
}

/**
 * Which processes a smoke test starts: the default one, and those whose own settings ask for it. None
 * migrates a database by itself.
 *
 * @param wanted the one that the user names
 * @throws DockerPythonError PROCESS_UNKNOWN
 */
export function testedProcesses(
  processes: readonly PlannedProcess[],
  settings: Settings,
  wanted: string | undefined,
): readonly PlannedProcess[] {
  if (wanted === undefined) {
    return processes.filter(({ name }, i) => {
      const entry = settings.processes?.[name];
      return (
        i === 0 || (typeof entry === 'object' && 'command' in entry && typeof entry.smokeTest === 'object')
      );
    });
  }
  const found = processes.find(({ name }) => name === wanted);
  if (found) return [found];
  throw new DockerPythonError({
    code: 'PROCESS_UNKNOWN',
    message: `The image has no process ${JSON.stringify(wanted)}.`,
    hint: `It has: ${processes.map(({ name }) => name).join(', ')}. More are written as "processes" in docker-python.json.`,
  });
}

/** One smoke test, from settings and what is known of the process. Pure. */
export function smokeSpec(
  process: PlannedProcess,
  all: readonly PlannedProcess[],
  chosen: SmokeTestSettings,
  settings: Settings,
  writable: readonly string[],
  env: Readonly<Record<string, string>>,
): SmokeSpec {
  const asked = healthPath(process.health);
  return {
    process: process.name,
    command: process === all[0] ? [] : [process.launcher],
    expectation: expectationOf(process, chosen),
    ...(asked === undefined ? {} : { healthPath: asked }),
    timeoutMs: milliseconds(chosen.timeout ?? '30s'),
    stopSeconds: seconds(settings.stopTimeout ?? STOP_TIMEOUT),
    env: { ...env, ...chosen.env },
    hardening: {
      readOnlyRoot: chosen.readOnly ?? true,
      dropCapabilities: (chosen.capabilities ?? 'none') === 'none',
      noNewPrivileges: (chosen.capabilities ?? 'none') === 'none',
    },
    ...(chosen.user === 'image' ? {} : { user: ARBITRARY_USER }),
    ...(chosen.memory === undefined ? {} : { memory: chosen.memory }),
    tmpfs: ['/tmp', ...writable],
    accept: chosen.accept ?? [],
  };
}

function expectationOf(
  { name, port, command, health }: PlannedProcess,
  chosen: SmokeTestSettings,
): Expectation {
  if (chosen.exitCode !== undefined) return { kind: 'job', exitCode: chosen.exitCode };
  if (port !== undefined) {
    return {
      kind: 'server',
      port,
      path: chosen.path ?? healthPath(health) ?? '/',
      ...(chosen.status === undefined ? {} : { status: chosen.status }),
      ...(chosen.body === undefined ? {} : { body: chosen.body }),
    };
  }
  const stayUpMs = milliseconds(chosen.stayUp ?? '5s');
  if (chosen.stayUp !== undefined || WORKER_PROGRAM.test(command[0] ?? '') || WORKER_NAME.test(name)) {
    return { kind: 'worker', stayUpMs };
  }
  return JOB_NAME.test(name) ? { kind: 'job', exitCode: 0 } : { kind: 'program', stayUpMs };
}
