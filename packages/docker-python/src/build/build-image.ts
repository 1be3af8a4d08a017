import type { BuildRequest, Engine, ImageFacts } from '../engine/types';
import { DockerPythonError } from '../errors';
import type { ImageRecord } from '../record/image-record';
import { keyTag, type ContentKey } from '../reference/content-key';
import type { Repository, Tag } from '../reference/image-name';
import { fetchImage, goneMeanwhile, type FetchingEngine } from './fetch-image';

export interface BuildOrder {
  readonly key: ContentKey;
  readonly repository: Repository;
  /** Whether the repository is one of a registry, which may have the image already and is asked for it. */
  readonly asksRegistry: boolean;
  /** Where the image is to be afterwards. */
  readonly store: 'engine' | 'registry';
  /** Moving tags in the engine: `latest`. */
  readonly tags: readonly Tag[];
  readonly base: string;
  /** Build even if an image of this key exists: `--no-cache`, `--pull`. */
  readonly bypassLookup: boolean;
  readonly request: Omit<BuildRequest, 'tags' | 'output'>;
}

export interface BuildOutcome {
  readonly record: ImageRecord;
  /** Who held the image of this key already, if it was not built. */
  readonly origin: 'built' | 'engine' | 'registry';
}

/** What a build asks of an engine. */
export type BuildingEngine = FetchingEngine & Pick<Engine, 'build' | 'inspect' | 'held' | 'remoteImage'>;

/** Told what a registry does not do, and why. No build fails for it. */
export interface Complaints {
  /** It cannot be asked for the image; then that is built. */
  readonly unanswered: (error: DockerPythonError) => void;
  /** It has the image, but does not give it; then the moving names in the engine stay on another one. */
  readonly unfetched: (error: DockerPythonError) => void;
}

/**
 * Content key -> image: found in the engine, found in the registry, or built. An image that the registry has is pulled
 * only where a moving name in the engine would stay on another one; else whatever needs it fetches it.
 *
 * @throws DockerPythonError from the engine
 */
export async function buildImage(
  engine: BuildingEngine,
  order: BuildOrder,
  complaints: Complaints,
): Promise<BuildOutcome> {
  const found = order.bypassLookup ? undefined : await lookUp(engine, order, complaints);
  if (found) return found;
  return order.store === 'engine' ? buildIntoEngine(engine, order) : buildIntoRegistry(engine, order);
}

async function lookUp(
  engine: BuildingEngine,
  order: BuildOrder,
  { unanswered, unfetched }: Complaints,
): Promise<BuildOutcome | undefined> {
  // With the moving names in the same question: each costs a start of Docker's client.
  const held =
    order.store === 'engine'
      ? await engine.held([keyName(order), ...movingNames(order)])
      : new Map<string, ImageFacts>();
  const image = held.get(keyName(order));
  if (image) {
    await engine.tag(keyName(order), movingNames(order));
    return { record: recordOf(order, image), origin: 'engine' };
  }
  const remote = order.asksRegistry ? await askRegistry(engine, order, unanswered) : undefined;
  if (!remote) return undefined;
  const record = recordOf(order, remote);
  // Compose and people start an image by its moving name. Where the engine has none, as in CI, nobody is misled.
  if (held.size > 0) await moveNames(engine, order, record, unfetched);
  return { record, origin: 'registry' };
}

async function askRegistry(
  engine: BuildingEngine,
  order: BuildOrder,
  unanswered: Complaints['unanswered'],
): Promise<ImageFacts | undefined> {
  try {
    return await engine.remoteImage(keyName(order));
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    unanswered(error);
    return undefined;
  }
}

async function moveNames(
  engine: BuildingEngine,
  order: BuildOrder,
  record: ImageRecord,
  unfetched: Complaints['unfetched'],
): Promise<void> {
  const reasons: DockerPythonError[] = [];
  if (await fetchImage(engine, record, (error) => reasons.push(error)))
    await engine.tag(keyName(order), movingNames(order));
  else unfetched(reasons[0] ?? goneMeanwhile(record));
}

async function buildIntoEngine(engine: BuildingEngine, order: BuildOrder): Promise<BuildOutcome> {
  await engine.build({ ...order.request, tags: [keyName(order), ...movingNames(order)] });
  const image = await engine.inspect(keyName(order));
  if (image) return { record: recordOf(order, image), origin: 'built' };
  throw new DockerPythonError({
    code: 'ENGINE_FAILED',
    message: `The build succeeded, but the engine has no image ${keyName(order)}.`,
    hint: 'Something removed it meanwhile (docker image prune?), or "extraBuildArgs" sends the result elsewhere. Build again.',
  });
}

/** Of all tags only that of the key may come before the smoke test. */
async function buildIntoRegistry(engine: BuildingEngine, order: BuildOrder): Promise<BuildOutcome> {
  await engine.build({ ...order.request, tags: [keyName(order)], output: 'registry' });
  const image = await engine.remoteImage(keyName(order));
  if (image) return { record: recordOf(order, image), origin: 'built' };
  throw new DockerPythonError({
    code: 'REGISTRY_MISMATCH',
    message: `The build succeeded, but the registry has no image ${keyName(order)}.`,
    hint: '"extraBuildArgs" may send the result elsewhere. Build again.',
  });
}

function keyName({ repository, key }: BuildOrder): string {
  return `${repository}:${keyTag(key)}`;
}

function movingNames({ repository, tags }: BuildOrder): readonly string[] {
  return tags.map((tag) => `${repository}:${tag}`);
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
