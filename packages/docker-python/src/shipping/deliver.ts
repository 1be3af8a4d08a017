import type { Engine } from '../engine/types';
import { DockerPythonError } from '../errors';
import type { Repository, Tag } from '../reference/image-name';
import type { PushPlan, Shipment } from './plan-push';
import { isForPeople } from './report';
import type { ShippedTags } from './state';

type ShippingEngine = Pick<Engine, 'push' | 'retag' | 'complete' | 'remoteDigest' | 'tag' | 'inspect'>;

/** What was done in one registry, all of it confirmed by that registry. */
export interface Delivery {
  readonly repository: Repository;
  readonly image: Shipment['image'];
  readonly moved: readonly Tag[];
}

/**
 * Carries a plan out, in an order in which being killed does no harm: the image goes to every registry under the tag
 * of its key, which is confirmed; then its layers are asked for and the other tags are set, and confirmed.
 *
 * @param local reference by which the engine has the image, if it has it: asked where it matters
 * @returns the digest that all registries have now
 * @throws DockerPythonError REGISTRY_MISMATCH, or from the registries; where there are several, with what each has
 */
export async function deliver(
  engine: ShippingEngine,
  plan: PushPlan,
  tags: ShippedTags,
  local: string,
): Promise<{ readonly digest: string; readonly deliveries: readonly Delivery[] }> {
  const confirmed = new Map(
    plan.shipments.map(({ repository, image }) => [
      repository,
      image === 'present' ? HAS_IMAGE : 'has not got the image',
    ]),
  );
  try {
    return await carryOut(engine, plan, tags, local, confirmed);
  } catch (error) {
    throw confirmed.size > 1 && error instanceof DockerPythonError ? withStates(error, confirmed) : error;
  }
}

const HAS_IMAGE = 'has the image; no tag has moved';

/** @param confirmed told what each registry has, in words */
async function carryOut(
  engine: ShippingEngine,
  { digest: planned, source, shipments }: PushPlan,
  { key }: ShippedTags,
  local: string,
  confirmed: Map<Repository, string>,
): Promise<{ readonly digest: string; readonly deliveries: readonly Delivery[] }> {
  let digest = planned;
  for (const { repository, image } of shipments) {
    if (image === 'present') continue;
    const name = `${repository}:${key}`;
    if (image === 'from the engine') {
      const sent = await pushFromEngine(engine, local, name);
      digest ??= sent;
      if (sent !== digest) throw mismatch(name, digest, sent);
    } else {
      await engine.retag(`${source!}@${digest!}`, [name]);
    }
    await confirm(engine, name, digest!);
    confirmed.set(repository, HAS_IMAGE);
  }
  for (const { repository, moves } of shipments) {
    const [name, ...moved] = [key, ...moves].map((tag) => `${repository}:${tag}`);
    confirmed.set(repository, 'has the image; its tags are not confirmed');
    await setTags(engine, `${repository}@${digest!}`, [name!, ...moved], local);
    await Promise.all(moved.map((one) => confirm(engine, one, digest!)));
    const set = moves.filter(isForPeople).join(', ');
    confirmed.set(repository, `has the image; ${set === '' ? 'no tag had to move' : `tags set: ${set}`}`);
  }
  return {
    digest: digest!,
    deliveries: shipments.map(({ repository, image, moves }) => ({ repository, image, moved: moves })),
  };
}

/** What has happened in one registry is not undone because another one failed. */
function withStates(error: DockerPythonError, states: ReadonlyMap<Repository, string>): DockerPythonError {
  const { code, message, hint } = error;
  const detail = [...states].map(([repository, state]) => `  ${repository} ${state}`).join('\n');
  return new DockerPythonError({ code, message, hint, detail, cause: error });
}

/** Asks the registry for every layer before tags move. One that it has lost is sent again, if the engine has that image. */
async function setTags(
  engine: ShippingEngine,
  source: string,
  names: readonly [string, ...string[]],
  local: string,
): Promise<void> {
  const [key, ...moved] = names;
  try {
    await (moved.length === 0 ? engine.complete(source, key) : engine.retag(source, names));
  } catch (error) {
    const isLost = error instanceof DockerPythonError && error.code === 'REGISTRY_BLOB_MISSING';
    if (!isLost) throw error;
    if (!(await holds(engine, local, source))) throw irreparable(error, source, names[0]);
    const sent = await pushFromEngine(engine, local, names[0]);
    if (!source.endsWith(`@${sent}`)) throw replaced(error, names[0], sent);
    await engine.retag(source, names);
  }
}

/**
 * Whether the engine has that very image: one of the same key with another digest would mend nothing. An engine that
 * knows no digest may have it.
 */
async function holds(engine: ShippingEngine, local: string, source: string): Promise<boolean> {
  const image = await engine.inspect(local);
  if (!image) return false;
  return image.manifestDigest === undefined || source.endsWith(`@${image.manifestDigest}`);
}

function irreparable(lost: DockerPythonError, source: string, name: string): DockerPythonError {
  return new DockerPythonError({
    code: lost.code,
    message: lost.message,
    hint: `Delete the tag ${name} in the registry and push again: the image that this machine has or builds is sent then, all of it. Or push from a machine that still has ${source}.`,
    cause: lost,
  });
}

/** An engine without containerd's store had another build, or made another manifest: nobody has tested that digest. */
function replaced(lost: DockerPythonError, name: string, sent: string): DockerPythonError {
  return new DockerPythonError({
    code: lost.code,
    message: lost.message,
    hint: `Push again: ${name} is now the image that this engine has for the same sources (${sent}), and complete. Other tags are where they were.`,
    cause: lost,
  });
}

/** @throws DockerPythonError IMAGE_MISSING */
async function pushFromEngine(engine: ShippingEngine, local: string, name: string): Promise<string> {
  if (!(await engine.inspect(local))) throw goneMeanwhile(name);
  if (local !== name) await engine.tag(local, [name]);
  return engine.push(name);
}

/** @throws DockerPythonError REGISTRY_MISMATCH where the registry has something else, or nothing */
async function confirm(engine: ShippingEngine, name: string, digest: string): Promise<void> {
  const there = await engine.remoteDigest(name);
  if (there !== digest) throw mismatch(name, digest, there);
}

function mismatch(name: string, digest: string, there: string | undefined): DockerPythonError {
  return new DockerPythonError({
    code: 'REGISTRY_MISMATCH',
    message: `${name} should be ${digest}, but ${there === undefined ? 'the registry has nothing of that name' : `it is ${there}`}.`,
    hint: 'Somebody else pushed the same name meanwhile, or the registry changes what it gets. Push again; tags that were set before stay as they are.',
  });
}

function goneMeanwhile(name: string): DockerPythonError {
  return new DockerPythonError({
    code: 'IMAGE_MISSING',
    message: `The engine has no image that could be pushed as ${name}.`,
    hint: 'Something removed it meanwhile (docker image prune?). Push again.',
  });
}
