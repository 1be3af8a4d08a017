import type { BuildRequest, Engine, ImageFacts } from '../engine/types';
import { DockerPythonError } from '../errors';
import type { ImageRecord } from '../record/image-record';
import { keyTag, type ContentKey } from '../reference/content-key';
import type { Repository, Tag } from '../reference/image-name';

export interface BuildOrder {
  readonly key: ContentKey;
  readonly repository: Repository;
  /** Moving tags: `latest`. */
  readonly tags: readonly Tag[];
  readonly base: string;
  /** Build even if an image of this key exists: `--no-cache`, `--pull`. */
  readonly bypassLookup: boolean;
  readonly request: Omit<BuildRequest, 'tags'>;
}

export interface BuildOutcome {
  readonly record: ImageRecord;
  /** False if the engine already held the image of this key. */
  readonly built: boolean;
}

/**
 * Content key -> image: found in the engine or built.
 *
 * @throws DockerPythonError from the engine
 */
export async function buildImage(engine: Engine, order: BuildOrder): Promise<BuildOutcome> {
  const names = order.tags.map((tag) => `${order.repository}:${tag}`);
  const keyName = `${order.repository}:${keyTag(order.key)}`;
  const found = order.bypassLookup ? undefined : await engine.inspect(keyName);
  if (found) {
    await engine.tag(keyName, names);
    return { record: recordOf(order, found), built: false };
  }
  await engine.build({ ...order.request, tags: [keyName, ...names] });
  const image = await engine.inspect(keyName);
  if (!image) {
    throw new DockerPythonError({
      code: 'ENGINE_FAILED',
      message: `The build succeeded, but the engine has no image ${keyName}.`,
      hint: 'Something removed it meanwhile (docker image prune?), or "extraBuildArgs" sends the result elsewhere. Build again.',
    });
  }
  return { record: recordOf(order, image), built: true };
}

function recordOf(order: BuildOrder, image: ImageFacts): ImageRecord {
  return {
    version: 1,
    contentKey: order.key,
    image: order.repository,
    imageId: image.imageId,
    ...(image.manifestDigest ? { manifestDigest: image.manifestDigest } : {}),
    platforms: [...order.request.platforms],
    base: order.base,
    layers: [...image.layers],
    size: image.size,
  };
}
