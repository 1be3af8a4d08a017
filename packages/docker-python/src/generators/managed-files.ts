import type { Tree } from '@nx/devkit';
import type { ImageDesign } from '../pipeline/design-image';
import { ownership } from '../render/managed';

export interface ManagedFileReport {
  readonly path: string;
  /** Words that are true of a dry run as well, of which a generator is not told. */
  readonly outcome:
    'new' | 'changed' | 'current' | 'edited by hand, left alone' | 'not ours, left alone' | 'kept, yours';
}

/**
 * Writes the files of a design into the tree. A file that somebody edited, or that was never ours, stays.
 *
 * @param overwrite replace those too
 */
export function writeManagedFiles(
  tree: Tree,
  design: ImageDesign,
  overwrite: boolean,
): readonly ManagedFileReport[] {
  const managed = design.managed.map(({ path, text }): ManagedFileReport => {
    const present = tree.read(path, 'utf-8')?.replaceAll('\r\n', '\n');
    if (present === text) return { path, outcome: 'current' };
    const owner = present === undefined ? 'managed' : ownership(present);
    if (owner !== 'managed' && !overwrite) {
      return { path, outcome: owner === 'edited' ? 'edited by hand, left alone' : 'not ours, left alone' };
    }
    tree.write(path, text);
    return { path, outcome: present === undefined ? 'new' : 'changed' };
  });
  const seeds = design.seeds.map(({ path, text }): ManagedFileReport => {
    if (tree.exists(path)) return { path, outcome: 'kept, yours' };
    tree.write(path, text);
    return { path, outcome: 'new' };
  });
  return [...managed, ...seeds];
}
