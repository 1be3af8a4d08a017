import { DockerPythonError } from '../errors';
import { repository, tag } from '../reference/image-name';
import { failureOfAsync } from '../testing/failures';
import { deliver } from './deliver';
import { isTestedThere, planPush, type PushPlan } from './plan-push';
import { readStates, type ShippedTags } from './state';

const A = repository('api', 'a.example.com/x');
const B = repository('api', 'b.example.com');
const TAGS: ShippedTags = { key: tag('ck-1'), tested: tag('st-1'), moving: [tag('latest'), tag('v1')] };
const LOCAL = `${A}:ck-1`;

/** Registries in memory that share blobs with nobody, and write down all that changes them. */
function world(remote: Record<string, string>, local: Record<string, string> = {}) {
  const names = new Map(Object.entries(remote));
  const images = new Map(Object.entries(local));
  const log: string[] = [];
  return {
    names,
    log,
    inspect: (reference: string) =>
      Promise.resolve(
        images.has(reference) ? ({ manifestDigest: images.get(reference) } as never) : undefined,
      ),
    tag(reference: string, others: readonly string[]) {
      for (const name of others) images.set(name, images.get(reference)!);
      return Promise.resolve();
    },
    push(name: string) {
      log.push(`push ${name}`);
      names.set(name, images.get(name)!);
      return Promise.resolve(images.get(name)!);
    },
    retag(source: string, others: readonly string[]) {
      for (const name of others) {
        if (names.get(name) !== source.split('@')[1]) log.push(`tag ${name}`);
        names.set(name, source.split('@')[1]!);
      }
      return Promise.resolve();
    },
    complete(source: string, name: string) {
      log.push(`complete? ${name}`);
      return Promise.resolve();
    },
    remoteDigest: (name: string) => Promise.resolve(names.get(name)),
  };
}

async function ship(at: ReturnType<typeof world>, engineHas: string | undefined, repositories = [A]) {
  const states = await readStates(at, repositories, TAGS);
  const plan = planPush(states, TAGS, engineHas);
  return { plan, result: await deliver(at, plan, TAGS, LOCAL) };
}

it('sends a new image under its key first, and sets the other tags after', async () => {
  const at = world({}, { [LOCAL]: 'sha256:1' });
  const { result } = await ship(at, 'sha256:1');
  expect(at.log).toEqual([`push ${A}:ck-1`, `tag ${A}:st-1`, `tag ${A}:latest`, `tag ${A}:v1`]);
  expect(result.digest).toBe('sha256:1');
});

it('sets no tag anywhere before all registries have the image', async () => {
  const at = world({}, { [LOCAL]: 'sha256:1' });
  await ship(at, 'sha256:1', [A, B]);
  expect(at.log.slice(0, 2)).toEqual([`push ${A}:ck-1`, `push ${B}:ck-1`]);
  expect(at.names.get(`${B}:v1`)).toBe('sha256:1');
});

it('does nothing where all is there', async () => {
  const all = Object.fromEntries(
    ['ck-1', 'st-1', 'latest', 'v1'].map((name) => [`${A}:${name}`, 'sha256:1']),
  );
  const at = world(all);
  const { plan } = await ship(at, undefined);
  expect(at.log).toEqual([`complete? ${A}:ck-1`]);
  expect(plan.shipments).toEqual([{ repository: A, image: 'present', moves: [] }]);
});

it('only moves tags where the image is there, without an engine', async () => {
  const at = world({ [`${A}:ck-1`]: 'sha256:1', [`${A}:st-1`]: 'sha256:1', [`${A}:latest`]: 'sha256:0' });
  await ship(at, undefined);
  expect(at.log).toEqual([`tag ${A}:latest`, `tag ${A}:v1`]);
});

it('fills a second registry from the first', async () => {
  const at = world({ [`${A}:ck-1`]: 'sha256:1' });
  const { plan } = await ship(at, undefined, [A, B]);
  expect(plan.shipments.map(({ image }) => image)).toEqual(['present', 'from another registry']);
  expect(at.names.get(`${B}:latest`)).toBe('sha256:1');
});

describe('of two registries, the second of which fails', () => {
  const denied = new DockerPythonError({ code: 'REGISTRY_DENIED', message: 'm', hint: 'h' });
  const detailOf = async (failing: (at: ReturnType<typeof world>) => object): Promise<unknown> => {
    const at = world({}, { [LOCAL]: 'sha256:1' });
    return (await failureOfAsync(() => ship({ ...at, ...failing(at) }, 'sha256:1', [A, B]))).detail;
  };
  const refusing =
    <T>(name: string, work: (name: string) => Promise<T>) =>
    (asked: string): Promise<T> =>
      asked.startsWith(name) ? Promise.reject(denied) : work(asked);

  it('at the image: both have no tags, and one has the image', async () => {
    expect(await detailOf((at) => ({ push: refusing(B, at.push) }))).toBe(
      `  ${A} has the image; no tag has moved\n  ${B} has not got the image`,
    );
  });

  it('at the tags: those of the first have moved', async () => {
    const retag = (at: ReturnType<typeof world>) => (source: string, names: readonly string[]) =>
      source.startsWith(B) ? Promise.reject(denied) : at.retag(source, names);
    expect(await detailOf((at) => ({ retag: retag(at) }))).toBe(
      `  ${A} has the image; tags set: latest, v1\n  ${B} has the image; its tags are not confirmed`,
    );
  });
});

it('lets the first image of a key count, also over another build in the engine', async () => {
  const at = world({ [`${A}:ck-1`]: 'sha256:1' }, { [LOCAL]: 'sha256:2' });
  const { result } = await ship(at, 'sha256:2', [A, B]);
  expect(result.digest).toBe('sha256:1');
  expect([...at.names.values()]).not.toContain('sha256:2');
});

it('marks no image as tested where there is no test', async () => {
  const at = world({}, { [LOCAL]: 'sha256:1' });
  const tags = { ...TAGS, tested: undefined };
  await deliver(at, planPush(await readStates(at, [A], tags), tags, 'sha256:1'), tags, LOCAL);
  expect([...at.names.keys()].sort()).toEqual([`${A}:ck-1`, `${A}:latest`, `${A}:v1`]);
});

it('knows what registries say about tests', async () => {
  const states = await readStates(world({ [`${B}:st-1`]: 'sha256:1' }), [A, B], TAGS);
  expect([isTestedThere(states, 'sha256:1'), isTestedThere(states, 'sha256:2')]).toEqual([true, false]);
});

describe('a registry that is not to be trusted', () => {
  const PLAN: PushPlan = {
    digest: undefined,
    source: undefined,
    shipments: [{ repository: A, image: 'from the engine', moves: [tag('latest')] }],
  };

  it.each([
    ['keeps nothing', () => Promise.resolve(undefined)],
    ['has something else', () => Promise.resolve('sha256:9')],
  ])('%s: an error, and no tag moves', async (_, remoteDigest) => {
    const at = { ...world({}, { [LOCAL]: 'sha256:1' }), remoteDigest };
    const error = await failureOfAsync(() => deliver(at, PLAN, TAGS, LOCAL));
    expect(error.code).toBe('REGISTRY_MISMATCH');
    expect(at.log).toEqual([`push ${A}:ck-1`]);
  });

  it('forgets a tag that it has taken: an error', async () => {
    const at = world({}, { [LOCAL]: 'sha256:1' });
    const forgetful = {
      ...at,
      remoteDigest: (name: string) =>
        Promise.resolve(name.endsWith('latest') ? undefined : at.names.get(name)),
    };
    expect((await failureOfAsync(() => deliver(forgetful, PLAN, TAGS, LOCAL))).code).toBe(
      'REGISTRY_MISMATCH',
    );
  });

  it('has lost a layer of an image that has all its tags: it is sent again', async () => {
    const all = Object.fromEntries(
      ['ck-1', 'st-1', 'latest', 'v1'].map((name) => [`${A}:${name}`, 'sha256:1']),
    );
    const at = world(all, { [LOCAL]: 'sha256:1' });
    const lost = new DockerPythonError({ code: 'REGISTRY_BLOB_MISSING', message: 'm', hint: 'h' });
    await ship({ ...at, complete: () => Promise.reject(lost) }, 'sha256:1');
    expect(at.log).toEqual([`push ${A}:ck-1`]);
  });

  it('has lost a layer: it is sent again', async () => {
    const at = world({ [`${A}:ck-1`]: 'sha256:1' }, { [LOCAL]: 'sha256:1' });
    const lost = new DockerPythonError({ code: 'REGISTRY_BLOB_MISSING', message: 'm', hint: 'h' });
    const retag = (source: string, names: readonly string[]): Promise<void> =>
      at.log.includes(`push ${A}:ck-1`) ? at.retag(source, names) : Promise.reject(lost);
    await ship({ ...at, retag }, 'sha256:1');
    expect(at.log[0]).toBe(`push ${A}:ck-1`);
  });

  it.each([
    ['nothing', {}],
    ['another build of the same sources', { [LOCAL]: 'sha256:2' }],
  ])(
    'has lost a layer, and the engine has %s: nothing is sent, and the hint names the tag',
    async (_, images) => {
      const lost = new DockerPythonError({ code: 'REGISTRY_BLOB_MISSING', message: 'm', hint: 'h' });
      const at = { ...world({ [`${A}:ck-1`]: 'sha256:1' }, images), retag: () => Promise.reject(lost) };
      const plan = planPush(await readStates(at, [A], TAGS), TAGS, undefined);
      const error = await failureOfAsync(() => deliver(at, plan, TAGS, LOCAL));
      expect(error.code).toBe('REGISTRY_BLOB_MISSING');
      expect(error.hint).toContain(`Delete the tag ${A}:ck-1 in the registry and push again`);
      expect(error.hint).toContain(`${A}@sha256:1`);
      expect(at.log).toEqual([]);
    },
  );

  it('has lost a layer, and an engine without digests had another build: that replaces it, and is pushed again', async () => {
    const lost = new DockerPythonError({ code: 'REGISTRY_BLOB_MISSING', message: 'm', hint: 'h' });
    const at = {
      ...world({ [`${A}:ck-1`]: 'sha256:1' }, { [LOCAL]: 'sha256:2' }),
      inspect: () => Promise.resolve({ imageId: 'sha256:id' } as never),
      retag: () => Promise.reject(lost),
    };
    const plan = planPush(await readStates(at, [A], TAGS), TAGS, undefined);
    const error = await failureOfAsync(() => deliver(at, plan, TAGS, LOCAL));
    expect([error.code, error.hint.includes(`Push again: ${A}:ck-1 is now`)]).toEqual([lost.code, true]);
    expect([at.log, at.names.get(`${A}:latest`)]).toEqual([[`push ${A}:ck-1`], undefined]);
  });

  it('is not reached without an image in the engine', async () => {
    expect((await failureOfAsync(() => deliver(world({}), PLAN, TAGS, LOCAL))).code).toBe('IMAGE_MISSING');
  });
});
