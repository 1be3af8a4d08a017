import type { SourceFacts } from './labels';

/** The build argument and the variable of the container that say where an image comes from, where that is asked for. */
export const BUILD_INFO = 'DOCKER_PYTHON_BUILD_INFO';

/**
 * The value of that variable, one line of JSON: the facts of the labels. No time: the same sources give the same
 * image, and its revision is the commit that first built it.
 */
export function buildInfo({ title, version, revision, source }: SourceFacts): string {
  return JSON.stringify({ title, version, revision, source });
}
