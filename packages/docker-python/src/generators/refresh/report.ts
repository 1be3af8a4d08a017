import type { ResolvedBase } from '../../engine/base-digest';
import type { DockerPythonError } from '../../errors';
import type { BaseLock, BasePin } from '../../settings/base-lock';
import type { ManagedFileReport } from '../managed-files';

/** What a renewal did to one project. */
export interface ProjectReport {
  readonly name: string;
  readonly files: readonly ManagedFileReport[];
  /** Why it was left as it is. */
  readonly error?: DockerPythonError;
}

/**
 * What was renewed, for the terminal.
 *
 * @param resolved where each image of the lock was found
 */
export function refreshReport(
  before: BaseLock,
  after: BaseLock,
  resolved: readonly (ResolvedBase & { readonly image: string })[],
  projects: readonly ProjectReport[],
): string {
  const found = (image: string): ResolvedBase => resolved.find((entry) => entry.image === image)!;
  const gone = before.filter(({ image }) => !after.some((pin) => pin.image === image));
  return [
    '',
    ...after.flatMap((pin) => [
      `  ${pin.image}`,
      `    ${digestChange(
        before.find(({ image }) => image === pin.image),
        pin,
        found(pin.image),
      )}`,
      `    system packages as of ${pin.packages}`,
    ]),
    ...gone.map(({ image }) => `  ${image}\n    no image is built from it any more`),
    '',
    ...projects.flatMap(projectLines),
    '',
    'Next: commit this, and nx affected -t docker-build smoke-test',
    '',
  ].join('\n');
}

function digestChange(
  before: BasePin | undefined,
  { image, digest }: BasePin,
  { origin, reason }: ResolvedBase,
): string {
  if (digest === undefined) {
    return image.includes('@')
      ? 'its digest is in the settings, and stays'
      : 'no digest: the engine has it, and no registry; it stays a tag';
  }
  if (origin === 'lock') return `${digest}, as before, since its registry does not say: ${reason}`;
  const where = origin === 'registry' ? '' : ', as the engine has it: no registry answered for it';
  if (before?.digest === digest) return `${digest}, as before${where}`;
  return `${before?.digest === undefined ? '' : `${before.digest.slice(0, 19)} -> `}${digest}${where}`;
}

function projectLines({ name, files, error }: ProjectReport): readonly string[] {
  if (error) return [`  ${name}: left as it is. ${error.code}: ${error.message} ${error.hint}`];
  return files
    .filter(({ outcome }) => outcome !== 'current' && outcome !== 'kept, yours')
    .map(({ path, outcome }) => `  ${path}: ${outcome}`);
}
