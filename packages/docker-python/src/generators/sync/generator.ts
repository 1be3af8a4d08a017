import { logger, type Tree } from '@nx/devkit';
import { DockerPythonError, formatError } from '../../errors';
import { designImage } from '../../pipeline/design-image';
import { explained, plainError } from '../fail';
import { writeManagedFiles, writeSlice, type ManagedFileReport } from '../managed-files';
import { designQuestion, dockerizedProjects, type NamedRoot } from '../workspace';

/** What Nx shows when files are out of sync. Structure: `SyncGeneratorResult` of `@nx/devkit`. */
interface SyncResult {
  readonly outOfSyncMessage: string;
  readonly outOfSyncDetails: string[];
}

/**
 * Brings the managed files of all dockerized projects in line with settings, manifests, locks and graph.
 *
 * A project that cannot be designed is left as it is. On a machine of somebody's nobody else waits for it: Nx calls this
 * before every docker-build, and an error would stop all of them there; the docker-build of that project says why. CI
 * calls it for `sync` and `sync:check` alone, so there it is an error, but after the files of the others are written:
 * Nx throws away the changes of a generator that throws.
 *
 * @param options from `nx generate`, which calls whatever it gets back. Nx's own sync gives none, and wants a result
 */
export default function sync(
  tree: Tree,
  options?: object,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SyncResult | undefined> {
  return explained(async () => {
    // One after the other: several exports in the engine would only wait for each other.
    const results: ProjectResult[] = [];
    for (const project of dockerizedProjects(tree)) results.push(await syncProject(tree, project));
    const details = results.flatMap((result) => result.details ?? []);
    const broken = results.flatMap((result) => result.broken ?? []);
    const changed = tree.listChanges().length > 0;
    if (changed && options === undefined) {
      return {
        // `nx sync` prints only this one of the two.
        outOfSyncMessage: ['Docker files do not match settings, manifests and graph.', ...broken].join(
          '\n\n',
        ),
        outOfSyncDetails: details,
      };
    }
    if (broken.length > 0 && !changed && onCi(env)) throw plainError(broken.join('\n\n'));
    // Nx shows nothing of a generator that changed nothing; what stays different on purpose is said all the same.
    for (const line of [...details, ...broken]) logger.info(line);
    return undefined;
  });
}

/** What there is to say about a project: of its files, or why it has none. */
type ProjectResult = { readonly details?: readonly string[]; readonly broken?: string };

async function syncProject(tree: Tree, project: NamedRoot): Promise<ProjectResult> {
  try {
    const design = designImage(designQuestion(tree, project));
    const reports = [...writeManagedFiles(tree, design, false), ...(await writeSlice(tree, design, false))];
    return { details: reports.flatMap(detail) };
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    return { broken: `${project.name} is left as it is. ${formatError(error)}` };
  }
}

/** Whether Nx takes this for CI, surely: it asks for more variables than these. Source: `isCI` of Nx. */
function onCi({ CI, TF_BUILD, JENKINS_URL }: Readonly<Record<string, string | undefined>>): boolean {
  return CI === undefined || CI === '' ? TF_BUILD === 'true' || Boolean(JENKINS_URL) : CI !== 'false';
}

/** What was or stays out of sync, and why where that is known. */
function detail({ path, outcome, reason }: ManagedFileReport): readonly string[] {
  if (outcome === 'current' || outcome === 'kept, yours') return [];
  const why = (separator: string): string => (reason === undefined ? '' : `${separator}${reason}`);
  return outcome === 'new' || outcome === 'changed' || outcome === 'edited by hand, only its base renewed'
    ? [`${path} is out of date${why(': ')}`]
    : [`${path}: ${outcome}${why('. ')}`];
}
