import { findCaBundle } from '../engine/ca-bundle';
import type { BuildRequest } from '../engine/types';
import type { ImageDesign } from '../pipeline/design-image';

/**
 * Works with what the build steps of a design get beside the sources, for builds that make files and no image.
 *
 * @param workspaceRoot absolute
 */
export async function withBuildInputs<T>(
  { settings: { settings } }: ImageDesign,
  workspaceRoot: string,
  work: (build: Pick<BuildRequest, 'workspaceRoot' | 'secretFiles' | 'extraArgs'>) => Promise<T>,
): Promise<T> {
  const bundle = findCaBundle(settings.caBundle ?? 'auto', workspaceRoot, process.env);
  try {
    return await work({
      workspaceRoot,
      secretFiles: bundle.path === undefined ? {} : { ca: bundle.path },
      extraArgs: settings.extraBuildArgs ?? [],
    });
  } finally {
    bundle.dispose();
  }
}
