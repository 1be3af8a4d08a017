import type { Argv, Process, Sourced } from '../detection/types';
import type { ResolvedSettings } from '../settings/resolve';
import type { Settings } from '../settings/schema';

/**
 * The processes that the settings name; they replace what would be detected.
 *
 * @param argvOf reads a command setting
 */
export function processesOf(
  { settings, sources }: ResolvedSettings,
  argvOf: (command: Sourced<NonNullable<Settings['command']>>, port?: number) => Argv,
): Readonly<Record<string, Sourced<Process>>> | undefined {
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
