import type { Argv, Finding, Process, Sourced } from '../detection/types';
import { DockerPythonError } from '../errors';
import type { ResolvedSettings } from '../settings/resolve';
import type { Settings } from '../settings/schema';

type Processes = Readonly<Record<string, Sourced<Process>>>;

/**
 * The processes of an image: those that the settings name, else what was detected. The setting `command` stays beside
 * `processes`, unless those have a `web` of their own.
 *
 * @param detected what detection found, which is the setting `command` where there is one
 * @param argvOf reads a command setting
 */
export function imageProcesses(
  resolved: ResolvedSettings,
  detected: Processes,
  argvOf: Parameters<typeof processesOf>[1],
): Processes {
  const named = processesOf(resolved, argvOf);
  if (!named) return detected;
  return resolved.settings.command === undefined || 'web' in named ? named : { ...detected, ...named };
}

/**
 * Says so where `processes` leave out a server that would be found without them: whoever adds a migration means to keep
 * it.
 *
 * @param detect what would be found; it may throw, where nothing is
 */
export function serverLeftOut(
  processes: Processes,
  { settings, sources }: ResolvedSettings,
  detect: () => Processes,
): readonly Finding[] {
  if (!settings.processes || settings.command !== undefined || 'web' in processes) return [];
  const web = attempted(detect)?.['web'];
  if (!web) return [];
  return [
    {
      code: 'server-left-out',
      message: `"processes" in ${sources.processes} leave out the server that would be found (${web.value.command.join(' ')}): the image starts ${Object.keys(processes)[0]} by default.`,
      hint: `They are all processes of the image. Add "web": ${JSON.stringify(web.value.command)} to keep it.`,
    },
  ];
}

function attempted(detect: () => Processes): Processes | undefined {
  try {
    return detect();
  } catch (error) {
    if (error instanceof DockerPythonError) return undefined;
    throw error;
  }
}

/**
 * The processes that the settings name; they replace what would be detected.
 *
 * @param argvOf reads a command setting
 */
export function processesOf(
  { settings, sources }: ResolvedSettings,
  argvOf: (command: Sourced<NonNullable<Settings['command']>>, port?: number) => Argv,
): Processes | undefined {
  if (!settings.processes) return undefined;
  const from = `"processes" in ${sources.processes}`;
  return Object.fromEntries(
    Object.entries(settings.processes).map(([name, entry]) => {
      const object = typeof entry === 'object' && 'command' in entry ? entry : { command: entry };
      const port = portOf(name, object.port, settings.port);
      const command = argvOf({ value: object.command, from }, port);
      return [name, { from, value: { command, ...(port === undefined ? {} : { port }) } }];
    }),
  );
}

/** `web` serves, on the port of the settings; other processes only where they say so. */
function portOf(
  name: string,
  own: number | null | undefined,
  common: number | undefined,
): number | undefined {
  if (own === null) return undefined;
  return own ?? (name === 'web' ? (common ?? DEFAULT_PORT) : undefined);
}

/** Where nobody says which port a server listens on. */
const DEFAULT_PORT = 8000;
