/** The linter of shell scripts, for the tests of what is generated. */

import { installPackages } from '../engine/apt';
import { readHost } from '../engine/host';
import { attempt, step, ToolError } from '../shell';

/**
 * Uses the `shellcheck` that is installed, else installs the distribution's package. Throws a ToolError where that is
 * impossible.
 */
export async function ensureShellcheck(): Promise<void> {
  if ((await attempt('shellcheck', ['--version'])).ok) return;
  const { route, obstacle } = readHost();
  if (route === 'none') throw new ToolError(`shellcheck is missing, and ${obstacle ?? 'cannot be had'}.`);
  await step('installing shellcheck', () => installPackages(['shellcheck']));
}
