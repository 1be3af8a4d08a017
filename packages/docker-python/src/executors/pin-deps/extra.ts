import { posix } from 'node:path';
import type { FileSource } from '../../detection/files';
import { anyMoves } from '../../detection/managers/extra-entries';
import type { Upgrade } from '../../detection/managers/pins';
import type { PinPlan } from '../../pipeline/pin-plan';
import { boundsOf, renewedSettings } from '../../pins/extra-settings';
import { readPins } from '../../pins/read-pins';
import { SETTINGS_FILE } from '../../settings/file-name';
import type { PinnedFile } from './changes';

/** What happens to the pins that the settings have beside those of the project. */
export interface ExtraOutcome {
  readonly files: readonly PinnedFile[];
  /** For the terminal. */
  readonly said: readonly string[];
}

type Make = (plan: Pick<PinPlan, 'recipe' | 'dockerfile' | 'ignore'>) => Promise<ReadonlyMap<string, string>>;

/**
 * Moves "extraRequirements" along: to what the new list has of them, or beside a new lock.
 *
 * @param made files of pins that were made
 * @param make makes more of them
 * @throws DockerPythonError what the resolver says
 */
export async function moveExtra(
  files: FileSource,
  { design, beside, recipe }: PinPlan,
  upgrade: Upgrade,
  made: ReadonlyMap<string, string>,
  make: Make,
): Promise<ExtraOutcome> {
  const { settings, sources } = design.settings;
  const entries = settings.extraRequirements ?? [];
  if (!anyMoves(entries, upgrade)) return { files: [], said: [] };
  const path = posix.join(design.project.root, SETTINGS_FILE);
  const from = sources.extraRequirements ?? path;
  if (from !== path) {
    return {
      files: [],
      said: [`"extraRequirements" stay as they are: they stand in ${from}, for other projects too`],
    };
  }
  const pinned = readPins(made.get(recipe.outputs[0]!) ?? '');
  const found = beside ? await make(beside(boundsOf(pinned))) : made;
  const change = renewedSettings(
    files.read(path) ?? '',
    entries,
    upgrade,
    [...found.values()][0] ?? '',
    pinned,
  );
  return { files: change ? [{ path, differs: true, ...change }] : [], said: [] };
}
