import { posix } from 'node:path';
import { readLibraries } from '../libraries';
import type { Argv, LocalPackage } from '../types';
import { LIST_AGAIN, OUTPUT, SCRIPTS } from './tools';
import type { ManagerQuestion } from './types';

/** Steps around a resolver, and the files that it reads for them. */
export interface LibraryResolution {
  readonly before: readonly Argv[];
  readonly after: readonly Argv[];
  readonly files: readonly string[];
}

/**
 * What packages of the repository need belongs to the list, they themselves do not: their folders are given to the
 * resolver as requirements, and left out of what it found.
 *
 * @throws DockerPythonError LOCAL_PACKAGE_MISSING
 */
export function resolveWithLibraries(
  { files, root }: ManagerQuestion,
  localPackages: readonly LocalPackage[],
): LibraryResolution {
  const libraries = readLibraries(files, root, localPackages);
  if (libraries.length === 0) return { before: [], after: [], files: [] };
  const requirements = libraries.map((library) => {
    const wanted = localPackages.filter(({ path }) => path === library.root);
    const extras = [...new Set(wanted.flatMap((entry) => entry.extras ?? []))].sort();
    const name = extras.length > 0 ? `${library.distribution}[${extras.join(',')}]` : library.distribution;
    return `${name}=${posix.relative(root, library.root)}`;
  });
  return {
    before: [['python', `${SCRIPTS}/requirements.py`, 'local', `${OUTPUT}.in`, ...requirements]],
    after: [LIST_AGAIN],
    files: libraries.flatMap((library) =>
      library.form.value === 'archive' ? [library.root] : library.build.manifests,
    ),
  };
}
