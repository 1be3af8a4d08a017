import type { BuildOutcome } from '../../build/build-image';
import { readRecord, type ImageRecord } from '../../record/image-record';
import type { Tag } from '../../reference/image-name';

export interface ClosingFacts {
  readonly project: string;
  readonly tags: readonly Tag[];
  readonly outcome: BuildOutcome;
  /** Text of the record of the run before this one. */
  readonly before: string | undefined;
  readonly seconds: number;
}

/** One line that sums up a build: what, which digest, how large, how long, what is new in it, and why. */
export function closingLine({ project, tags, outcome, before, seconds }: ClosingFacts): string {
  const { record, origin } = outcome;
  const previous = before === undefined ? undefined : quietly(() => readRecord(before, 'the record'));
  return [
    `${project}: ${record.image}:${tags[0] ?? `ck-${record.contentKey}`}`,
    (record.manifestDigest ?? record.imageId).slice(0, 19),
    `${(record.size / 1e6).toFixed(1)} MB ${isPacked(record) ? 'compressed' : 'unpacked'}`,
    `${seconds.toFixed(1)} s`,
    origin === 'built'
      ? `built, ${newLayers(record, previous)}`
      : `unchanged: the ${origin} has the image of exactly these sources`,
  ].join(' · ');
}

/**
 * Whether the size is that of the layers as a registry has them. So it is in containerd's store, where the id of an image
 * is the digest of its manifest. Other stores know that digest of what was pushed or pulled, and say the size unpacked.
 */
function isPacked({ imageId, manifestDigest }: ImageRecord): boolean {
  return imageId === manifestDigest;
}

function newLayers(record: ImageRecord, previous: ImageRecord | undefined): string {
  if (!previous) return 'first image of this checkout';
  const known = new Set(previous.layers);
  const fresh = record.layers.filter((layer) => !known.has(layer)).length;
  if (fresh === 0) return 'no layer is new';
  return `${fresh} of ${record.layers.length} layers ${fresh === 1 ? 'is' : 'are'} new`;
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
