import { logger, type Tree } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { designImage } from '../../pipeline/design-image';
import { writeManagedFiles, writeSlice, type ManagedFileReport } from '../managed-files';
import { designQuestion, dockerizedProjects, type NamedRoot } from '../workspace';

/** What Nx shows when files are out of sync. Structure: `SyncGeneratorResult` of `@nx/devkit`. */
interface SyncResult {
  readonly outOfSyncMessage: string;
  readonly outOfSyncDetails: string[];
}

/**
 * Brings the managed files of all dockerized projects in line with settings, manifests, locks and graph.
 * A project that cannot be designed is left as it is: its docker-build says why, and others need not wait.
 *
 * @param options from `nx generate`, which calls whatever it gets back. Nx's own sync gives none, and wants a result
 */
export default async function sync(tree: Tree, options?: object): Promise<SyncResult | undefined> {
  const details: string[] = [];
  // One after the other: several exports in the engine would only wait for each other.
  for (const project of dockerizedProjects(tree)) details.push(...(await syncProject(tree, project)));
  const changed = tree.listChanges().length > 0;
  const forNx = changed && options === undefined;
  // Nx shows nothing of a generator that changed nothing; what stays different on purpose is said all the same.
  if (!forNx) for (const detail of details) logger.info(detail);
  return forNx
    ? {
        outOfSyncMessage: 'Docker files do not match settings, manifests and graph.',
        outOfSyncDetails: details,
      }
    : undefined;
}

async function syncProject(tree: Tree, project: NamedRoot): Promise<readonly string[]> {
  try {
    const design = designImage(designQuestion(tree, project));
    const reports = [...writeManagedFiles(tree, design, false), ...(await writeSlice(tree, design, false))];
    return reports.flatMap(detail);
  } catch (error) {
    if (error instanceof DockerPythonError) return [`${project.name}: ${error.message} ${error.hint}`];
    throw error;
  }
}

/** What was or stays out of sync, and why where that is known. */
function detail({ path, outcome, reason }: ManagedFileReport): readonly string[] {
  if (outcome === 'current' || outcome === 'kept, yours') return [];
  const why = (separator: string): string => (reason === undefined ? '' : `${separator}${reason}`);
  return outcome === 'new' || outcome === 'changed' || outcome === 'edited by hand, only its base renewed'
    ? [`${path} is out of date${why(': ')}`]
    : [`${path}: ${outcome}${why('. ')}`];
}
