import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpecifiers, parseVersion, satisfies } from '../../detection/managers/pep440';
import { distributionName, type Requirement } from '../../detection/types';
import { DockerPythonError } from '../../errors';

/**
 * Servers whose whole closure is kept here, pinned and hashed, in `servers/<name>.txt`, and the Pythons that all of it
 * runs on. Source: Requires-Python of those very releases.
 */
const PINNED: Readonly<Record<string, string>> = {
  gunicorn: '>=3.10',
  uvicorn: '>=3.10',
  hypercorn: '>=3.10',
  granian: '>=3.10',
  waitress: '>=3.9',
};

/**
 * Entries for `extraRequirements` that add a server to an image, with everything it needs. What the project has
 * already is left out: its own pins win.
 *
 * @param python version of the image, as in 3.13
 * @param where what the project declares its dependencies in, and a list that its Dockerfile installs instead
 * @throws DockerPythonError COMMAND_NOT_FOUND for a server that has to be declared by the project itself
 */
export function serverPins(
  server: string,
  present: readonly Requirement[],
  python: string,
  where: { readonly declared: string; readonly otherList?: string },
): readonly string[] {
  const range = PINNED[server];
  if (range === undefined) {
    throw new DockerPythonError({
      code: 'COMMAND_NOT_FOUND',
      message: `The start command needs "${server}", which ${where.declared} does not have.`,
      hint: `Add "${server}" to the project's dependencies, or set "command" in docker-python.json.`,
    });
  }
  if (!satisfies(parseVersion(python)!, parseSpecifiers(range)!)) {
    throw new DockerPythonError({
      code: 'COMMAND_NOT_FOUND',
      message: `The start command needs "${server}", which ${where.declared} does not have, and the one that setup would add needs Python ${range}; the image has ${python}.`,
      hint: [
        ...(where.otherList === undefined
          ? []
          : [
              `The Dockerfile installs ${where.otherList}: if that has it, set "requirements" in docker-python.json to that list.`,
            ]),
        `Add a ${server} that runs on Python ${python} to the project's dependencies, or set a newer "python" or another "command" in docker-python.json.`,
      ].join(' '),
    });
  }
  const names = new Set(present.filter(({ version }) => version !== undefined).map(({ name }) => name));
  return readFileSync(join(__dirname, 'servers', `${server}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !names.has(distributionName(/^[^[=]+/.exec(line)![0])));
}
