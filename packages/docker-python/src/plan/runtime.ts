import type { PythonProject } from '../detection/types';
import type { Settings } from '../settings/schema';
import { placeOf } from './application';
import { HOOK_FILES, type Hooks } from './hooks';
import type { ProcessPlan } from './processes';
import type { Runtime } from './types';

/** Numeric, so that `runAsNonRoot` can be checked; group 0, so that any other user id works as well. */
const USER = '10001:0';

/**
 * A name for any user id: an arbitrary one has no entry in /etc/passwd, and `getpass.getuser()` then reads these.
 * Source: Python's library reference, `getpass`.
 */
const WHO = { USER: 'app', LOGNAME: 'app' } as const;

/** How the container of a project runs. */
export function planRuntime(
  project: PythonProject,
  settings: Settings,
  { entrypoint }: Hooks,
  running: ProcessPlan,
): Runtime {
  const web = running.processes[0]!;
  const place = placeOf(project.root);
  return {
    user: USER,
    workdir: place,
    env: {
      PYTHONUNBUFFERED: '1',
      PYTHONFAULTHANDLER: '1',
      HOME: '/tmp',
      ...WHO,
      ...running.env,
      ...settings.env,
    },
    ports: web.port === undefined ? [] : [web.port],
    entrypoint: [
      'tini',
      '--',
      ...(entrypoint ? [...entrypoint.interpreter, `${place}/${HOOK_FILES.entrypoint}`] : []),
    ],
    command: [web.launcher],
    ...(running.health ? { health: running.health } : {}),
    ...(running.stopSignal ? { stopSignal: running.stopSignal } : {}),
    buildInfo: settings.buildInfo === true,
  };
}

/** The process that the image runs by default: `web`, else the first. */
export function defaultProcess(project: PythonProject): PythonProject['processes'][string]['value'] {
  return (project.processes['web'] ?? Object.values(project.processes)[0]!).value;
}
