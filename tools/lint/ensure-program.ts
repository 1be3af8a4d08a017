/** Programs that the tests of CI configurations need, from the distribution's packages of the same name. */

import { installPackages } from '../engine/apt';
import { readHost } from '../engine/host';
import { attempt, step, ToolError } from '../shell';

/**
 * Uses the program that is installed, else installs its package. Throws a ToolError where that is impossible.
 * gitlab-ci-local copies with `rsync`.
 */
export async function ensureProgram(name: 'shellcheck' | 'rsync'): Promise<void> {
  if ((await attempt(name, ['--version'])).ok) return;
  const { route, obstacle } = readHost();
  if (route === 'none') throw new ToolError(`${name} is missing, and ${obstacle ?? 'cannot be had'}.`);
  await step(`installing ${name}`, () => installPackages([name]));
}
