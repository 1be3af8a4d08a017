import type { Engine, ImageFacts } from '../engine/types';
import type { DockerPythonError } from '../errors';
import type { ImageRecord } from '../record/image-record';
import type { Tag } from '../reference/image-name';
import { fetchImage, goneMeanwhile, keyName, type FetchingEngine } from './fetch-image';
import { sameImage } from './same-image';

/** An image that is in the engine now. */
export interface PresentImage {
  /** By its content key: no build in between can make it another image. */
  readonly reference: string;
  /** Of this very image, which may be another one than the record said: see `origin`. */
  readonly record: ImageRecord;
  readonly origin: 'engine' | 'registry' | 'rebuilt';
}

/** How to come by an image that the engine lacks. */
export interface Supply {
  /** Whether the image's repository is one of a registry. */
  readonly hasRegistry: boolean;
  /** Moving names that the image gets, since an Nx cache hit of docker-build sets none. */
  readonly tags: readonly Tag[];
  /**
   * Builds from the present sources, by the very function that docker-build uses.
   *
   * @param refused whether the registry has just failed to give the image: it is no use to find it there again
   */
  readonly rebuild: (refused: boolean) => Promise<ImageRecord>;
  /** Told why a registry could not give the image; then it is built. */
  readonly unanswered: (error: DockerPythonError) => void;
}

export type HoldingEngine = FetchingEngine & Pick<Engine, 'inspect'>;

/**
 * Image record -> the image itself, wherever this runs: Nx may have restored the record of a build that happened on
 * another machine, or the engine may have been pruned since. From the engine, else from the registry by its digest,
 * else built again.
 *
 * @throws DockerPythonError from the engine or the build
 */
export async function ensureImage(
  engine: HoldingEngine,
  record: ImageRecord,
  { hasRegistry, tags, rebuild, unanswered }: Supply,
): Promise<PresentImage> {
  const reference = keyName(record);
  const held = await engine.inspect(reference);
  if (held && sameImage(held, record)) return named(engine, record, tags, 'engine');
  let refused = false;
  const refuse = (error: DockerPythonError): void => {
    refused = true;
    unanswered(error);
  };
  if (hasRegistry && (await fetchImage(engine, record, refuse))) {
    const pulled = await engine.inspect(reference);
    if (pulled) return named(engine, described(record, pulled), tags, 'registry');
  }
  // The same sources, built elsewhere: not the image of the record, but one of its key.
  if (held) return named(engine, described(record, held), tags, 'engine');
  const rebuilt = await rebuild(refused);
  // Found in the registry by its key, although not by its digest.
  if (!(await engine.inspect(keyName(rebuilt)))) {
    if (!(await fetchImage(engine, rebuilt, unanswered))) throw goneMeanwhile(rebuilt);
    return named(engine, rebuilt, tags, 'registry');
  }
  return { reference: keyName(rebuilt), record: rebuilt, origin: 'rebuilt' };
}

async function named(
  engine: HoldingEngine,
  record: ImageRecord,
  tags: readonly Tag[],
  origin: PresentImage['origin'],
): Promise<PresentImage> {
  const reference = keyName(record);
  await engine.tag(
    reference,
    tags.map((tag) => `${record.image}:${tag}`),
  );
  return { reference, record, origin };
}

/** The record of an image of the same key that the engine describes. */
function described({ manifestDigest: _before, ...record }: ImageRecord, facts: ImageFacts): ImageRecord {
  const { imageId, manifestDigest, layers, size } = facts;
  return { ...record, imageId, ...(manifestDigest ? { manifestDigest } : {}), layers: [...layers], size };
}
