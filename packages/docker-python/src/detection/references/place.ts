import { type FileSource, joinInside } from '../files';
import { locate } from '../managers/requirement-location';
import type { DistributionName } from '../types';

const ARCHIVE = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$/i;

/** A folder of the workspace that a path or URL means, and what else it says: `./lib[extra]`, `...#egg=name`. */
export interface Place {
  readonly path: string;
  readonly name?: DistributionName;
  readonly extras: readonly string[];
}

/**
 * Finds out what a path or URL means.
 *
 * @param bases folders that a relative path may start from, the usual one first
 * @returns undefined for what is no folder of the workspace: an index's, a repository's, an archive, a place outside
 */
export function placeOf(
  files: FileSource,
  reference: string,
  bases: readonly string[],
  from: string,
): Place | undefined {
  const exists = (path: string): boolean => {
    const inside = joinInside(path);
    return inside !== undefined && (files.list(inside).length > 0 || files.read(inside) !== undefined);
  };
  try {
    const { location, name, extras } = locate(reference, { bases, exists, from });
    if (location.kind !== 'local' || ARCHIVE.test(location.path)) return undefined;
    return { path: location.path, ...(name === undefined ? {} : { name }), extras };
  } catch {
    return undefined; // who installs the project reports it
  }
}

/** The folder of {@link placeOf}. */
export function folderAt(...question: Parameters<typeof placeOf>): string | undefined {
  return placeOf(...question)?.path;
}
