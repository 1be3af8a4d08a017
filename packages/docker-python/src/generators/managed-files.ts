import type { Tree } from '@nx/devkit';
import { treeFiles } from '../detection/files';
import type { ImageDesign } from '../pipeline/design-image';
import type { PinnedImage } from '../plan/bases';
import { withPins } from '../render/base-pins';
import { exportersOf, pinnedProject } from '../pipeline/shared-lock';
import { ownership } from '../render/managed';
import { renewSlice } from '../slices/renew-slice';

export interface ManagedFileReport {
  readonly path: string;
  /** Words that are true of a dry run as well, of which a generator is not told. */
  readonly outcome:
    | 'new'
    | 'changed'
    | 'removed'
    | 'current'
    | 'edited by hand, left alone'
    | 'edited by hand, only its base renewed'
    | 'not ours, left alone'
    | 'kept, yours';
  /** Why it was not current, where there is more to say than its name. */
  readonly reason?: string;
}

/** Whether files that somebody edited or that were never ours are replaced: all of them, or only the latter. */
export type Overwrite = boolean | 'foreign';

/**
 * Writes the slice of a shared lock into the tree, where the design's project is under one.
 *
 * @param overwrite also a slice that somebody edited
 * @throws DockerPythonError LOCK_OUT_OF_DATE, or what an exporter says
 */
export async function writeSlice(
  tree: Tree,
  design: ImageDesign,
  overwrite: boolean,
): Promise<readonly ManagedFileReport[]> {
  const pinned = pinnedProject(design);
  if (!pinned) return [];
  const path = pinned.shared.slice;
  const exporters = exportersOf(design, pinned.shared, tree.root, process.env);
  const replace = overwrite ? 'any' : 'unedited';
  const change = await renewSlice(treeFiles(tree), pinned, exporters, replace);
  if (change.kept) return [{ path, outcome: 'edited by hand, left alone', reason: change.kept.hint }];
  const { write, remove, reason = '' } = change;
  const isNew = !tree.exists(path);
  if (write !== undefined) tree.write(path, write);
  if (remove !== undefined) tree.delete(remove);
  return [
    write === undefined ? { path, outcome: 'current' } : { path, outcome: isNew ? 'new' : 'changed', reason },
    ...(remove === undefined ? [] : [{ path: remove, outcome: 'removed' as const }]),
  ];
}

/**
 * Writes the files of a design into the tree. A file that somebody edited, or that was never ours, stays; of an edited
 * one the pins of its base are renewed, since security updates belong to it as to any other.
 *
 * @param overwrite replace those too
 */
export function writeManagedFiles(
  tree: Tree,
  design: ImageDesign,
  overwrite: Overwrite,
): readonly ManagedFileReport[] {
  const managed = design.managed.map((file): ManagedFileReport => {
    const report = writeManagedFile(tree, file, overwrite);
    return report.outcome === 'edited by hand, left alone'
      ? renewPins(tree, file.path, basesOf(design))
      : report;
  });
  const seeds = design.seeds.map(({ path, text }): ManagedFileReport => {
    if (tree.exists(path)) return { path, outcome: 'kept, yours' };
    tree.write(path, text);
    return { path, outcome: 'new' };
  });
  return [...managed, ...seeds];
}

/** The images that the stages of a design begin with. */
export function basesOf({ plan }: ImageDesign): readonly PinnedImage[] {
  return plan.stages.flatMap((stage) =>
    stage.name === 'base' || stage.name === 'tini' ? [stage.image] : [],
  );
}

/**
 * Writes one managed file into the tree, unless somebody edited it or it was never ours.
 *
 * @param overwrite replace it then, too
 */
export function writeManagedFile(
  tree: Tree,
  { path, text }: { readonly path: string; readonly text: string },
  overwrite: Overwrite,
): ManagedFileReport {
  const present = tree.read(path, 'utf-8')?.replaceAll('\r\n', '\n');
  if (present === text) return { path, outcome: 'current' };
  const owner = present === undefined ? 'managed' : ownership(present);
  if (owner !== 'managed' && overwrite !== true && overwrite !== owner) {
    return { path, outcome: owner === 'edited' ? 'edited by hand, left alone' : 'not ours, left alone' };
  }
  tree.write(path, text);
  return { path, outcome: present === undefined ? 'new' : 'changed' };
}

function renewPins(tree: Tree, path: string, images: readonly PinnedImage[]): ManagedFileReport {
  const text = tree.read(path, 'utf-8')!;
  const renewed = withPins(text, images);
  if (renewed === text) return { path, outcome: 'edited by hand, left alone' };
  tree.write(path, renewed);
  return { path, outcome: 'edited by hand, only its base renewed' };
}
