import type { FileSource } from '../files';
import { readLibraries } from '../libraries';
import { localReferences } from '../local-references';
import type { LocalPackage } from '../types';
import type { ManagerQuestion } from './types';

/** The packages of the repository that a project's manifest names for production, where no lock says it. */
export function declaredLibraries({ files, root, extras, groups }: ManagerQuestion): readonly LocalPackage[] {
  return localReferences(files, root).filter(
    ({ kind, extra = '', group = '' }) =>
      kind === 'production' ||
      (kind === 'optional' && extras.includes(extra)) ||
      (kind === 'development' && groups.includes(group)),
  );
}

/**
 * Workspace-relative files that a resolver reads of the packages of the repository that a project's manifest names
 * today, whatever for: a lock covers all extras and groups.
 *
 * @throws DockerPythonError LOCAL_PACKAGE_MISSING
 */
export function declaredManifests(files: FileSource, root: string): readonly string[] {
  return readLibraries(files, root, localReferences(files, root)).flatMap(({ form, root: place, build }) =>
    form.value === 'archive' ? [place] : build.manifests,
  );
}
