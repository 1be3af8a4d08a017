import { distributionName } from '../../detection/types';
import { DockerPythonError, nearestName } from '../../errors';
import type { Pins } from '../../pins/read-pins';

/**
 * Refuses names of packages that nothing pins: no tool complains, and nothing would happen.
 *
 * @param pins of all files; where there are none yet, any name may come
 * @throws DockerPythonError PINS_UNKNOWN_PACKAGE, INVALID_SETTINGS
 */
export function refuseUnknown(names: readonly string[], pins: readonly Pins[]): void {
  const known = new Set(pins.flatMap((all) => [...all.keys()]));
  for (const name of names) {
    if (!/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(name)) {
      throw new DockerPythonError({
        code: 'INVALID_SETTINGS',
        message: `${JSON.stringify(name)} is no name of a package.`,
        hint: 'Write --upgrade-package=NAME, once for each. A version belongs into the requirement.',
      });
    }
    if (known.size === 0 || known.has(distributionName(name))) continue;
    const near = nearestName(distributionName(name), [...known]);
    throw new DockerPythonError({
      code: 'PINS_UNKNOWN_PACKAGE',
      message: `No package ${name} is pinned for this project.`,
      hint: near === undefined ? 'Check its spelling.' : `Did you mean ${near}?`,
    });
  }
}
