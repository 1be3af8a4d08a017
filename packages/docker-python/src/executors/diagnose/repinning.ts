import type { FileSource } from '../../detection/files';
import { sourceOfPins } from '../../detection/managers/pin-list';
import type { Finding } from '../../detection/types';
import type { ImageDesign } from '../../pipeline/design-image';
import { STEPS } from '../../render/ci/types';
import { generatorOf } from '../../render/managed';

/** Where Renovate and Dependabot look for their configuration. Sources: their manuals, "Configuration options". */
const BOTS = [
  ...['renovate.json', 'renovate.json5'].flatMap((name) => [name, `.github/${name}`, `.gitlab/${name}`]),
  ...['.renovaterc', '.renovaterc.json', '.renovaterc.json5'],
  ...['.github/dependabot.yml', '.github/dependabot.yaml'],
];

/**
 * Lists of pins that `pin-deps` has made and that grow old, since nothing here moves them or says when one of them is
 * known to be vulnerable. A job that somebody else wrote is not seen.
 *
 * @param files of the workspace
 */
export function repinning(files: FileSource, { project }: ImageDesign, name: string): readonly Finding[] {
  const lists = project.recipe.files.filter((path) => sourceOfPins(files.read(path) ?? '') !== undefined);
  if (lists.length === 0 || hasSchedule(files) || BOTS.some((path) => files.read(path) !== undefined))
    return [];
  return [
    {
      code: 'PINS_GROW_OLD',
      message: `The pins in ${lists.join(', ')} stay as they are: no bot and no scheduled job of docker-python was found.`,
      hint: `Run "nx pin-deps ${name} --upgrade" from time to time. The weekly job of "nx g docker-python:ci" says which pins are known to be vulnerable, and renews base images.`,
    },
  ];
}

/** Our CI files audit by a schedule, unless they were made without; that of GitLab has to be added there. */
function hasSchedule(files: FileSource): boolean {
  const command = generatorOf(files.read(STEPS) ?? '');
  return command !== undefined && !command.includes('--schedule=never');
}
