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
