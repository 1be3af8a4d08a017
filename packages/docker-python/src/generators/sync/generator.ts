import { logger, type Tree } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { designImage } from '../../pipeline/design-image';
import { writeManagedFiles } from '../managed-files';
import { designQuestion, dockerizedProjects } from '../workspace';

/** What Nx shows when files are out of sync. Structure: `SyncGeneratorResult` of `@nx/devkit`. */
interface SyncResult {
  readonly outOfSyncMessage: string;
  readonly outOfSyncDetails: string[];
}

/**
 * Brings the managed files of all dockerized projects in line with settings, manifests and graph.
 * A project that cannot be designed is left as it is: its docker-build says why, and others need not wait.
 */
export default function sync(tree: Tree): SyncResult | undefined {
  const details = dockerizedProjects(tree).flatMap((project) => {
    try {
      return writeManagedFiles(tree, designImage(designQuestion(tree, project)), false)
        .filter(({ outcome }) => outcome !== 'current' && outcome !== 'kept, yours')
        .map(({ path, outcome }) =>
          outcome === 'new' || outcome === 'changed' ? `${path} is out of date` : `${path}: ${outcome}`,
        );
    } catch (error) {
      if (error instanceof DockerPythonError) return [`${project.name}: ${error.message}`];
      throw error;
    }
  });
  const changed = tree.listChanges().length > 0;
  // Nx shows nothing of a generator that changed nothing; what stays different on purpose is said all the same.
  if (!changed) for (const detail of details) logger.info(detail);
  return changed
    ? {
        outOfSyncMessage: 'Docker files do not match settings, manifests and graph.',
        outOfSyncDetails: details,
      }
    : undefined;
}
