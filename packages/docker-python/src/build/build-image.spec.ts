import { NO_INPUTS, type ImageFacts } from '../engine/types';
import { writeRecord } from '../record/image-record';
import { contentKey, type ContentKey } from '../reference/content-key';
import { repository, tag } from '../reference/image-name';
import { failureOfAsync } from '../testing/failures';
import { recordingEngine } from '../testing/recording-engine';
import { buildImage, type BuildOrder } from './build-image';

const OLD: ImageFacts = { imageId: 'sha256:old', platform: 'linux/amd64', layers: ['sha256:1'], size: 1 };
const NEW: ImageFacts = {
  imageId: 'sha256:new',
  platform: 'linux/amd64',
  layers: ['sha256:2'],
  size: 2,
  manifestDigest: 'sha256:m',
};

function keyOf(dockerfile: string): ContentKey {
  const rest = {
    dockerignore: '',
    files: [],
    target: 'runtime',
    buildArgs: {},
    extraBuildArgs: [],
    platforms: [],
  };
  return contentKey({ dockerfile, ...rest });
}

const KEY = keyOf('a');
const KEY_NAME = `acme/api:ck-${KEY}`;

const order = (changes: Partial<BuildOrder> = {}): BuildOrder => ({
  key: KEY,
  repository: repository('api', 'acme'),
  tags: [tag('latest'), tag('v1')],
  base: 'python:3.13-slim-trixie',
  bypassLookup: false,
  request: {
    workspaceRoot: '/w',
    dockerfile: '/w/Dockerfile',
    target: 'runtime',
    labels: {},
    platforms: ['linux/amd64'],
    buildArgs: {},
    inputs: { ...NO_INPUTS, secretFiles: { ca: '/secret/ca.pem' } },
    noCache: false,
    pull: false,
    progress: 'plain',
    extraArgs: [],
  },
  ...changes,
});

describe('an image whose content key the engine holds', () => {
  it('is not built; its tags move', async () => {
    const engine = recordingEngine(NEW);
    engine.images.set(KEY_NAME, OLD).set('acme/api:latest', NEW);
    const { built, record } = await buildImage(engine, order());
    expect([built, engine.builds.length, record.imageId]).toEqual([false, 0, 'sha256:old']);
    expect(engine.images.get('acme/api:latest')).toBe(OLD);
    expect(engine.images.get('acme/api:v1')).toBe(OLD);
  });

  it('is built all the same where the lookup is bypassed, under the same key', async () => {
    const engine = recordingEngine(NEW);
    engine.images.set(KEY_NAME, OLD);
    const { built, record } = await buildImage(engine, order({ bypassLookup: true }));
    expect([built, record.imageId, engine.images.get(KEY_NAME)]).toEqual([true, 'sha256:new', NEW]);
  });
});

describe('an image that the engine lacks', () => {
  it('is built with the tag of its key and all others', async () => {
    const engine = recordingEngine(NEW);
    const { built, record } = await buildImage(engine, order());
    expect(built).toBe(true);
    expect(engine.builds[0]!.tags).toEqual([KEY_NAME, 'acme/api:latest', 'acme/api:v1']);
    expect(record).toEqual({
      version: 1,
      contentKey: KEY,
      image: 'acme/api',
      imageId: 'sha256:new',
      manifestDigest: 'sha256:m',
      platforms: ['linux/amd64'],
      base: 'python:3.13-slim-trixie',
      layers: ['sha256:2'],
      size: 2,
    });
  });

  it('is not mistaken for another key of the same repository', async () => {
    const engine = recordingEngine(NEW);
    engine.images.set(`acme/api:ck-${keyOf('b')}`, OLD).set('acme/api:latest', OLD);
    expect((await buildImage(engine, order())).built).toBe(true);
  });

  it('leaves a record without paths, places of secrets or an absent digest', async () => {
    const { record } = await buildImage(recordingEngine(OLD), order());
    expect('manifestDigest' in record).toBe(false);
    expect(writeRecord(record)).not.toMatch(/\/w|secret|ca\.pem/);
  });

  it('is an error where the build leaves nothing behind', async () => {
    const error = await failureOfAsync(() => buildImage(recordingEngine(undefined), order()));
    expect(error).toMatchObject({ code: 'ENGINE_FAILED', message: expect.stringContaining(KEY_NAME) });
  });
});
