import type { Engine } from '../engine/types';
import type { ImageRecord } from '../record/image-record';
import { keyTag, type ContentKey } from '../reference/content-key';
import type { Tag } from '../reference/image-name';

/** An image that is in the engine now. */
export interface PresentImage {
  /** By its content key: no build in between can make it another image. */
  readonly reference: string;
  readonly record: ImageRecord;
  readonly origin: 'engine' | 'rebuilt';
}

/**
 * Image record -> the image itself, wherever this runs: Nx may have restored the record of a build that
 * happened on another machine, or the engine may have been pruned since.
 *
 * @param tags moving names that the image gets, since an Nx cache hit of docker-build sets none
 * @param rebuild builds from the present sources, by the very function that docker-build uses
 * @throws DockerPythonError from the engine or the build
 */
export async function ensureImage(
  engine: Pick<Engine, 'inspect' | 'tag'>,
  record: ImageRecord,
  tags: readonly Tag[],
  rebuild: () => Promise<ImageRecord>,
): Promise<PresentImage> {
  const reference = keyName(record);
  if (await engine.inspect(reference)) {
    await engine.tag(
      reference,
      tags.map((tag) => `${record.image}:${tag}`),
    );
    return { reference, record, origin: 'engine' };
  }
  const rebuilt = await rebuild();
  return { reference: keyName(rebuilt), record: rebuilt, origin: 'rebuilt' };
}

function keyName({ image, contentKey }: ImageRecord): string {
  return `${image}:${keyTag(contentKey as ContentKey)}`;
}
