import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { sourceOfPins } from '../detection/managers/pin-list';
import { pinnedVersion } from '../detection/managers/pep440';
import { readRequirements } from '../detection/requirements';
import { DockerPythonError } from '../errors';

/**
 * Refuses to overwrite a list that people write: one with entries that pin nothing, that refer to this repository, or
 * that include other lists.
 *
 * @param list workspace-relative; it need not be there
 * @throws DockerPythonError PINS_WITHOUT_SOURCE
 */
export function refuseHandMade(files: FileSource, list: string, root: string): void {
  const text = files.read(list);
  if (text === undefined || sourceOfPins(text) !== undefined) return;
  const { entries, files: chain } = readRequirements(files, list, root);
  const odd = entries.find(
    ({ specifiers, location }) =>
      location?.kind === 'local' || (!location && pinnedVersion(specifiers) === undefined),
  );
  const included = chain.find((path) => path !== list);
  if (!odd && included === undefined) return;
  const why = odd
    ? `the entry in ${odd.from} ${odd.location ? 'is a package of this repository' : 'pins nothing'}`
    : `it includes ${included}`;
  throw new DockerPythonError({
    code: 'PINS_WITHOUT_SOURCE',
    message: `${list} would be overwritten, but it was written by hand: ${why}.`,
    hint: renameHint(list),
  });
}

/** A list that nothing says how to make. */
export function withoutSource(list: string, root: string): DockerPythonError {
  return new DockerPythonError({
    code: 'PINS_WITHOUT_SOURCE',
    message: `Nothing says what ${list} is made from: there is no ${list.replace(/\.[^./]*$/, '.in')}, and no manifest of ${root} that declares dependencies.`,
    hint: renameHint(list),
  });
}

/** What is required goes into a file for people; the list becomes what is made of it. */
function renameHint(list: string): string {
  const source = list.replace(/(?:\.[^./]*)?$/, '.in');
  return `Write what the project itself requires, one line each, to ${source} ("git mv ${posix.normalize(list)} ${source}" is a start: pins in it stay as they are), then run pin-deps again.`;
}
