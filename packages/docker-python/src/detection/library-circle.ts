import { DockerPythonError } from '../errors';
import type { FileSource } from './files';
import { neededBy } from './libraries';
import type { LocalPackage } from './types';

/**
 * Refuses packages of the repository that need each other at run time, the project itself included. What only those
 * who develop a library need, or an extra that nobody asks for, is no circle of the image. A graph has to live with
 * circles, so only the plan of an image asks.
 *
 * @param project with the extras of it that are part of the image
 * @throws DockerPythonError LOCAL_PACKAGE_CYCLE
 */
export function refuseCircle(
  files: FileSource,
  project: LocalPackage,
  localPackages: readonly LocalPackage[],
): void {
  const free = new Set<string>();
  for (const start of [project, ...localPackages]) {
    const circle = circleFrom(files, start, [], free);
    if (circle === undefined) continue;
    throw new DockerPythonError({
      code: 'LOCAL_PACKAGE_CYCLE',
      message: `Packages of this repository need each other: ${circle.map(({ path }) => path).join(' -> ')}. The files that say so: ${circle
        .slice(1)
        .map(({ from }) => from)
        .join('; ')}.`,
      hint: 'Move what both need into a library that needs neither, or make them one. What only tests need belongs into a development group. Then lock again.',
    });
  }
}

/**
 * The first circle that a package leads into: each package on the way with what refers to it, the last one being the
 * first once more.
 *
 * @param before what led here
 * @param free packages that lead into none; the ones found are added
 */
function circleFrom(
  files: FileSource,
  start: LocalPackage,
  before: readonly LocalPackage[],
  free: Set<string>,
): readonly LocalPackage[] | undefined {
  const at = before.findIndex(({ path }) => path === start.path);
  if (at !== -1) return [...before.slice(at), start];
  if (free.has(start.path)) return undefined;
  for (const next of neededBy(files, start)) {
    const circle = circleFrom(files, next, [...before, start], free);
    if (circle !== undefined) return circle;
  }
  free.add(start.path);
  return undefined;
}
