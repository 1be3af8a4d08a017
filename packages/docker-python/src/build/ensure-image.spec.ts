import type { ImageFacts } from '../engine/types';
import type { ImageRecord } from '../record/image-record';
import { tag } from '../reference/image-name';
import { ensureImage } from './ensure-image';

const key = (digit: string): string => digit.repeat(40);
const record = (contentKey: string): ImageRecord => ({
  version: 1,
  contentKey,
  image: 'api',
  imageId: 'sha256:1',
  platforms: ['linux/amd64'],
  base: 'python:3.13-slim-trixie',
  layers: [],
  size: 1,
});

function engineWith(...present: string[]) {
  const tagged: string[] = [];
  return {
    tagged,
    inspect: (reference: string) =>
      Promise.resolve(present.includes(reference) ? ({ imageId: reference } as ImageFacts) : undefined),
    tag: (reference: string, names: readonly string[]) => {
      tagged.push(...names.map((name) => `${reference} -> ${name}`));
      return Promise.resolve();
    },
  };
}

const neverBuilt = (): Promise<ImageRecord> => Promise.reject(new Error('built although it was there'));

it('takes the image of exactly that key from the engine, and moves its tags', async () => {
  const engine = engineWith(`api:ck-${key('a')}`, 'api:latest');
  expect(await ensureImage(engine, record(key('a')), [tag('latest')], neverBuilt)).toMatchObject({
    reference: `api:ck-${key('a')}`,
    origin: 'engine',
  });
  expect(engine.tagged).toEqual([`api:ck-${key('a')} -> api:latest`]);
});

it('builds again if only another image of that name is there', async () => {
  const engine = engineWith('api:latest', `api:ck-${key('b')}`);
  const present = await ensureImage(engine, record(key('a')), [], () => Promise.resolve(record(key('a'))));
  expect(present).toMatchObject({ reference: `api:ck-${key('a')}`, origin: 'rebuilt' });
});

it('goes by the key of what was built, not of what was asked for', async () => {
  const present = await ensureImage(engineWith(), record(key('a')), [], () =>
    Promise.resolve(record(key('c'))),
  );
  expect(present.reference).toBe(`api:ck-${key('c')}`);
});
