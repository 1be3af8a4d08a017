import type { ImageFacts } from '../engine/types';
import { DockerPythonError } from '../errors';
import type { ImageRecord } from '../record/image-record';
import { tag } from '../reference/image-name';
import { failureOfAsync } from '../testing/failures';
import { ensureImage, type HoldingEngine, type Supply } from './ensure-image';

const key = (digit: string): string => digit.repeat(40);
const record = (contentKey: string, digest = 'sha256:1'): ImageRecord => ({
  version: 1,
  contentKey,
  image: 'api',
  imageId: digest,
  manifestDigest: digest,
  platforms: ['linux/amd64'],
  base: 'python:3.13-slim-trixie',
  layers: [],
  size: 1,
});
const facts = (digest: string): ImageFacts => ({
  imageId: digest,
  manifestDigest: digest,
  platform: 'linux/amd64',
  layers: [],
  size: 1,
});

interface Fake extends HoldingEngine {
  readonly images: Map<string, ImageFacts>;
  readonly pulled: string[];
}

/** @param local by name; @param remote by name or `name@digest` */
function engineWith(local: Record<string, string>, remote: Record<string, string> = {}): Fake {
  const images = new Map(Object.entries(local).map(([name, digest]) => [name, facts(digest)]));
  const pulled: string[] = [];
  return {
    images,
    pulled,
    inspect: (reference) => Promise.resolve(images.get(reference)),
    tag(reference, names) {
      for (const name of names) images.set(name, images.get(reference)!);
      return Promise.resolve();
    },
    pull(reference) {
      pulled.push(reference);
      const digest = remote[reference];
      if (digest !== undefined) images.set(reference, facts(digest));
      return Promise.resolve(digest !== undefined);
    },
  };
}

const supply = (changes: Partial<Supply> = {}): Supply => ({
  hasRegistry: true,
  tags: [],
  rebuild: () => Promise.reject(new Error('built although it was there')),
  unanswered: (error) => {
    throw error;
  },
  ...changes,
});

const A = `api:ck-${key('a')}`;

it('takes the image of exactly that key and digest from the engine, and moves its tags', async () => {
  const engine = engineWith({ [A]: 'sha256:1', 'api:latest': 'sha256:0' });
  const present = await ensureImage(engine, record(key('a')), supply({ tags: [tag('latest')] }));
  expect(present).toMatchObject({ reference: A, origin: 'engine' });
  expect(engine.images.get('api:latest')!.imageId).toBe('sha256:1');
  expect(engine.pulled).toEqual([]);
});

it('fetches it from the registry by its digest, under the tag of its key', async () => {
  const engine = engineWith({ 'api:latest': 'sha256:0' }, { 'api@sha256:1': 'sha256:1' });
  const present = await ensureImage(engine, record(key('a')), supply({ tags: [tag('latest')] }));
  expect(present).toMatchObject({ reference: A, origin: 'registry' });
  expect(engine.images.get(A)!.imageId).toBe('sha256:1');
  expect(engine.images.get('api:latest')!.imageId).toBe('sha256:1');
});

it('prefers the image of the record to another one of the same key in the engine', async () => {
  const engine = engineWith({ [A]: 'sha256:2' }, { 'api@sha256:1': 'sha256:1' });
  expect((await ensureImage(engine, record(key('a')), supply())).record.imageId).toBe('sha256:1');
  expect(engine.images.get(A)!.imageId).toBe('sha256:1');
});

it('makes do with another one of the same key, and says which it is', async () => {
  const engine = engineWith({ [A]: 'sha256:2' });
  const present = await ensureImage(engine, record(key('a')), supply());
  expect(present).toMatchObject({
    origin: 'engine',
    record: { imageId: 'sha256:2', manifestDigest: 'sha256:2' },
  });
});

it('goes by the tag of the key where the record knows no digest', async () => {
  const { manifestDigest: _none, ...withoutDigest } = record(key('a'));
  const engine = engineWith({}, { [A]: 'sha256:1' });
  expect((await ensureImage(engine, withoutDigest, supply())).origin).toBe('registry');
});

it('asks no registry where there is none, and builds', async () => {
  const engine = engineWith({ 'api:latest': 'sha256:1', [`api:ck-${key('b')}`]: 'sha256:1' });
  const rebuild = (): Promise<ImageRecord> => {
    engine.images.set(A, facts('sha256:3'));
    return Promise.resolve(record(key('a'), 'sha256:3'));
  };
  const present = await ensureImage(engine, record(key('a')), supply({ hasRegistry: false, rebuild }));
  expect(present).toMatchObject({ reference: A, origin: 'rebuilt', record: { imageId: 'sha256:3' } });
  expect(engine.pulled).toEqual([]);
});

it('builds where the registry fails, and says why', async () => {
  const refused = new DockerPythonError({ code: 'REGISTRY_UNAUTHORIZED', message: 'no', hint: '' });
  const engine = { ...engineWith({}), pull: () => Promise.reject(refused) };
  const said: DockerPythonError[] = [];
  const told: boolean[] = [];
  const rebuild = (refusedBefore: boolean): Promise<ImageRecord> => {
    told.push(refusedBefore);
    engine.images.set(A, facts('sha256:1'));
    return Promise.resolve(record(key('a')));
  };
  const unanswered = (error: DockerPythonError): void => void said.push(error);
  expect((await ensureImage(engine, record(key('a')), supply({ rebuild, unanswered }))).origin).toBe(
    'rebuilt',
  );
  expect(said).toEqual([refused]);
  // Found there once more by its key, it could be had as little.
  expect(told).toEqual([true]);
});

it('goes by the key of what was built, not of what was asked for', async () => {
  const C = `api:ck-${key('c')}`;
  const engine = engineWith({ [C]: 'sha256:9' });
  const rebuild = (): Promise<ImageRecord> => Promise.resolve(record(key('c'), 'sha256:9'));
  expect((await ensureImage(engine, record(key('a')), supply({ rebuild }))).reference).toBe(C);
});

it('fetches what the lookup of a rebuild has found in the registry', async () => {
  const C = `api:ck-${key('c')}`;
  const engine = engineWith({}, { 'api@sha256:9': 'sha256:9' });
  const rebuild = (): Promise<ImageRecord> => Promise.resolve(record(key('c'), 'sha256:9'));
  const present = await ensureImage(engine, record(key('a')), supply({ rebuild }));
  expect(present).toMatchObject({ reference: C, origin: 'registry' });
});

it('is an error where that cannot be fetched', async () => {
  const rebuild = (): Promise<ImageRecord> => Promise.resolve(record(key('c')));
  const error = await failureOfAsync(() =>
    ensureImage(engineWith({}), record(key('a')), supply({ rebuild })),
  );
  expect(error.code).toBe('IMAGE_MISSING');
});
