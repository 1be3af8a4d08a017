import { DockerPythonError } from '../errors';

/** The version of the form of docker-python.json, which the file names. Raised when a key changes its meaning. */
export const SETTINGS_VERSION = 1;

type Json = Readonly<Record<string, unknown>>;

/** How a settings file of one version becomes one of the next. */
export interface SettingsStep {
  readonly from: number;
  change(settings: Json): Json;
}

/** One step for each version before the present one, the oldest first. Version 1 is the first. */
export const SETTINGS_STEPS: readonly SettingsStep[] = [];

/**
 * A settings file in the form of the present version. Keys that a step does not know stay as they are.
 *
 * @param steps from its version on
 */
export function upgradeSettings(
  settings: Json,
  steps: readonly SettingsStep[] = SETTINGS_STEPS,
  target = SETTINGS_VERSION,
): Json {
  let current = settings;
  while (typeof current['version'] === 'number' && current['version'] < target) {
    const { version } = current;
    const step = steps.find(({ from }) => from === version);
    if (!step) return current;
    current = { ...step.change(current), version: version + 1 };
  }
  return current;
}

/**
 * @throws DockerPythonError INVALID_SETTINGS for a file of another version: what is wrong there is the plugin, and not
 *   the file
 */
export function checkVersion(settings: unknown, where: string): void {
  const version = (settings as { version?: unknown } | null)?.version;
  if (!Number.isInteger(version) || version === SETTINGS_VERSION) return;
  const older = (version as number) < SETTINGS_VERSION;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${where} has version ${String(version)}, and this docker-python reads version ${SETTINGS_VERSION}.`,
    hint: older
      ? 'Run "nx migrate docker-python", then "nx migrate --run-migrations", which bring it up to date.'
      : 'It was written by a newer docker-python: install that one.',
  });
}
