import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { distributionName, type Requirement } from '../../detection/types';
import { DockerPythonError } from '../../errors';

/** Servers whose whole closure is kept here, pinned and hashed, in `servers/<name>.txt`. */
const PINNED = ['gunicorn', 'uvicorn', 'hypercorn', 'granian', 'waitress'];

/**
 * Entries for `extraRequirements` that add a server to an image, with everything it needs. What the project has
 * already is left out: its own pins win.
 *
 * @throws DockerPythonError COMMAND_NOT_FOUND for a server that has to be declared by the project itself
 */
export function serverPins(server: string, present: readonly Requirement[]): readonly string[] {
  if (!PINNED.includes(server)) {
    throw new DockerPythonError({
      code: 'COMMAND_NOT_FOUND',
      message: `The start command needs "${server}", which the project does not declare.`,
      hint: `Add "${server}" to the project's dependencies, or set "command" in docker-python.json.`,
    });
  }
  const names = new Set(present.filter(({ version }) => version !== undefined).map(({ name }) => name));
  return readFileSync(join(__dirname, 'servers', `${server}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !names.has(distributionName(/^[^[=]+/.exec(line)![0])));
}
