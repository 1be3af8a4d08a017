import type { Engine } from '../engine/types';
import { DockerPythonError } from '../errors';
import type { ImageRecord } from '../record/image-record';
import { keyTag, type ContentKey } from '../reference/content-key';

export type FetchingEngine = Pick<Engine, 'tag' | 'pull'>;

/**
 * Image record -> the image in the engine, from the registry: by its digest, under the tag of its key.
 *
 * @param refused told about a registry that cannot be asked, or does not give it
 * @returns false if the registry does not have it, or has refused
 */
export async function fetchImage(
  engine: FetchingEngine,
  record: ImageRecord,
  refused: (error: DockerPythonError) => void,
): Promise<boolean> {
  const source = record.manifestDigest ? `${record.image}@${record.manifestDigest}` : keyName(record);
  try {
    if (!(await engine.pull(source))) return false;
    await engine.tag(source, [keyName(record)]);
    return true;
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    refused(error);
    return false;
  }
}

/** Of an image that the registry has just shown. */
export function goneMeanwhile({ image, contentKey }: ImageRecord): DockerPythonError {
  return new DockerPythonError({
    code: 'IMAGE_MISSING',
    message: `${image} is in the registry under ck-${contentKey}, but cannot be pulled.`,
    hint: 'Its own words are above. Log in to the registry, or build it here: nx docker-build <project> --no-cache',
  });
}

/** The name of an image by its content key. */
export function keyName({ image, contentKey }: ImageRecord): string {
  return `${image}:${keyTag(contentKey as ContentKey)}`;
}
