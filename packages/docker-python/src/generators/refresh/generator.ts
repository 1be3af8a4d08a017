import type { Tree } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { resolveBase, type ResolvedBase } from '../../engine/base-digest';
import { designImage } from '../../pipeline/design-image';
import { readBaseLock, writeBaseLock, type BaseLock } from '../../settings/base-lock';
import { BASE_LOCK_FILE } from '../../settings/file-name';
import { explained } from '../fail';
import { basesOf, writeManagedFiles } from '../managed-files';
import { atLeastOneDockerized, designQuestion, type NamedRoot } from '../workspace';
import { refreshReport, type ProjectReport } from './report';

export interface RefreshOptions {
  readonly day?: string;
}

/** Finds out what an image reference stands for now; the lock may have a digest of it already. */
export type Resolve = (reference: string, locked?: string) => Promise<ResolvedBase>;

/**
 * Makes or renews the base lock, and brings the Dockerfiles in line with it: what they are built from changes in one
 * commit for everybody, instead of whenever somebody happens to build.
 *
 * @throws an error with code and hint, before anything is written
 */
export default function refresh(tree: Tree, { day = today() }: RefreshOptions): Promise<void> {
  return explained(() => refreshWith(tree, day, (image, locked) => resolveBase(image, locked)));
}

/** The same with another way to ask for images. */
export async function refreshWith(tree: Tree, day: string, resolve: Resolve): Promise<void> {
  const projects = atLeastOneDockerized(tree);
  const before = lockBefore(tree);
  const references = [...new Set(projects.flatMap((project) => referencesOf(tree, project)))].sort();
  const resolved = await Promise.all(references.map((image) => resolveOne(image, before, resolve)));
  const lock = resolved.map(({ image, digest }) => ({
    image,
    ...(digest === undefined ? {} : { digest }),
    packages: day,
  }));
  // Read back before it is written: a wrong day is an error, and not a broken file.
  const text = writeBaseLock(lock);
  readBaseLock(text);
  tree.write(BASE_LOCK_FILE, text);
  const reports = projects.map((project) => bringInLine(tree, project));
  process.stdout.write(refreshReport(before, lock, resolved, reports));
}

/** A reference with a digest says itself which image it is. */
async function resolveOne(
  image: string,
  before: BaseLock,
  resolve: Resolve,
): Promise<ResolvedBase & { readonly image: string }> {
  if (image.includes('@')) return { image, origin: 'registry' };
  return { image, ...(await resolve(image, before.find((pin) => pin.image === image)?.digest)) };
}

/** The lock before; a broken one, with the conflict markers of a merge perhaps, is simply made anew. */
function lockBefore(tree: Tree): BaseLock {
  try {
    return readBaseLock(tree.read(BASE_LOCK_FILE, 'utf-8') ?? undefined);
  } catch {
    tree.delete(BASE_LOCK_FILE);
    return [];
  }
}

/** What a project is built from; of one that cannot be designed nothing, and its report says why. */
function referencesOf(tree: Tree, project: NamedRoot): readonly string[] {
  try {
    return basesOf(designImage(designQuestion(tree, project))).map(({ reference }) => reference);
  } catch (error) {
    if (error instanceof DockerPythonError) return [];
    throw error;
  }
}

function bringInLine(tree: Tree, project: NamedRoot): ProjectReport {
  try {
    const files = writeManagedFiles(tree, designImage(designQuestion(tree, project)), false);
    return { name: project.name, files };
  } catch (error) {
    if (error instanceof DockerPythonError) return { name: project.name, files: [], error };
    throw error;
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
