import { NO_INPUTS, type ImageFacts } from '../engine/types';
import { DockerPythonError } from '../errors';
import { writeRecord } from '../record/image-record';
import { contentKey, type ContentKey } from '../reference/content-key';
import { repository, tag } from '../reference/image-name';
import { failureOfAsync } from '../testing/failures';
import { recordingEngine, recordingRegistries } from '../testing/recording-engine';
import { buildImage, type BuildOrder, type Complaints } from './build-image';

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
  asksRegistry: false,
  store: 'engine',
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

const DENIED = new DockerPythonError({ code: 'REGISTRY_DENIED', message: 'no', hint: '' });

const fail = (error: DockerPythonError): never => {
  throw error;
};
const unexpected: Complaints = { unanswered: fail, unfetched: fail };

describe('an image whose content key the engine holds', () => {
  it('is not built; its tags move', async () => {
    const engine = recordingEngine(NEW);
    engine.images.set(KEY_NAME, OLD).set('acme/api:latest', NEW);
    const { origin, record } = await buildImage(engine, order(), unexpected);
    expect([origin, engine.builds.length, record.imageId]).toEqual(['engine', 0, 'sha256:old']);
    expect(engine.images.get('acme/api:latest')).toBe(OLD);
    expect(engine.images.get('acme/api:v1')).toBe(OLD);
  });

  it('is built all the same where the lookup is bypassed, under the same key', async () => {
    const engine = recordingEngine(NEW);
    engine.images.set(KEY_NAME, OLD);
    const { origin, record } = await buildImage(engine, order({ bypassLookup: true }), unexpected);
    expect([origin, record.imageId, engine.images.get(KEY_NAME)]).toEqual(['built', 'sha256:new', NEW]);
  });
});

describe('an image that the engine lacks', () => {
  it('is built with the tag of its key and all others', async () => {
    const engine = recordingEngine(NEW);
    const { origin, record } = await buildImage(engine, order(), unexpected);
    expect(origin).toBe('built');
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
    expect((await buildImage(engine, order(), unexpected)).origin).toBe('built');
  });

  it('leaves a record without paths, places of secrets or an absent digest', async () => {
    const { record } = await buildImage(recordingEngine(OLD), order(), unexpected);
    expect('manifestDigest' in record).toBe(false);
    expect(writeRecord(record)).not.toMatch(/\/w|secret|ca\.pem/);
  });

  it('is an error where the build leaves nothing behind', async () => {
    const error = await failureOfAsync(() => buildImage(recordingEngine(undefined), order(), unexpected));
    expect(error).toMatchObject({ code: 'ENGINE_FAILED', message: expect.stringContaining(KEY_NAME) });
  });
});

describe('an image that the registry holds', () => {
  const inRegistry = (...names: string[]) => {
    const engine = recordingEngine(NEW);
    const registry = new Map(
      names.map((name): [string, ImageFacts] => [name, { ...OLD, manifestDigest: 'sha256:old' }]),
    );
    return { ...engine, registry, ...recordingRegistries(engine.images, registry) };
  };

  it('is neither built nor fetched', async () => {
    const engine = inRegistry(KEY_NAME);
    const { origin, record } = await buildImage(engine, order({ asksRegistry: true }), unexpected);
    expect([origin, record.manifestDigest, engine.builds.length]).toEqual(['registry', 'sha256:old', 0]);
    expect([...engine.images.keys()]).toEqual([]);
  });

  it('is fetched where a name in the engine would stay on another image, and gets all its names', async () => {
    const engine = inRegistry(KEY_NAME);
    engine.images.set('acme/api:latest', NEW);
    const { origin, record } = await buildImage(engine, order({ asksRegistry: true }), unexpected);
    expect([origin, record.manifestDigest, engine.builds.length]).toEqual(['registry', 'sha256:old', 0]);
    const names = [KEY_NAME, 'acme/api:latest', 'acme/api:v1'];
    expect(names.map((name) => engine.images.get(name)?.imageId)).toEqual(names.map(() => 'sha256:old'));
  });

  it('is not fetched where it goes straight to the registry: no name in the engine is of it', async () => {
    const engine = inRegistry(KEY_NAME);
    engine.images.set('acme/api:latest', NEW);
    await buildImage(engine, order({ asksRegistry: true, store: 'registry' }), unexpected);
    expect([...engine.images]).toEqual([['acme/api:latest', NEW]]);
  });

  it.each<[string, () => Promise<boolean>, string]>([
    ['fails', () => Promise.reject(DENIED), 'REGISTRY_DENIED'],
    ['finds nothing', () => Promise.resolve(false), 'IMAGE_MISSING'],
  ])('is found all the same where fetching it %s, and that is said', async (_, pull, code) => {
    const engine = { ...inRegistry(KEY_NAME), pull };
    engine.images.set('acme/api:latest', NEW);
    const said: string[] = [];
    const unfetched = ({ code }: DockerPythonError): void => void said.push(code);
    const { origin } = await buildImage(engine, order({ asksRegistry: true }), { ...unexpected, unfetched });
    expect([origin, said, engine.builds.length]).toEqual(['registry', [code], 0]);
    expect([...engine.images]).toEqual([['acme/api:latest', NEW]]);
  });

  it('is not looked for where the repository is one of the engine alone, or the lookup is bypassed', async () => {
    const engine = inRegistry(KEY_NAME);
    expect((await buildImage(engine, order(), unexpected)).origin).toBe('built');
    const bypass = order({ asksRegistry: true, bypassLookup: true });
    expect((await buildImage(engine, bypass, unexpected)).origin).toBe('built');
  });

  it('is built where the registry cannot be asked, and that is said', async () => {
    const engine = { ...recordingEngine(NEW), remoteImage: () => Promise.reject(DENIED) };
    const said: DockerPythonError[] = [];
    const unanswered = (error: DockerPythonError): void => void said.push(error);
    const { origin } = await buildImage(engine, order({ asksRegistry: true }), { ...unexpected, unanswered });
    expect([origin, said]).toEqual(['built', [DENIED]]);
  });
});

describe('an image that goes straight to the registry', () => {
  const direct = order({ asksRegistry: true, store: 'registry' });

  it('has the tag of its key alone: moving ones wait for the smoke test', async () => {
    const engine = recordingEngine(NEW);
    const remote = {
      ...engine,
      remoteImage: () => Promise.resolve(engine.builds.length > 0 ? NEW : undefined),
    };
    const { origin, record } = await buildImage(remote, direct, unexpected);
    expect([origin, record.manifestDigest]).toEqual(['built', 'sha256:m']);
    expect(engine.builds[0]).toMatchObject({ tags: [KEY_NAME], output: 'registry' });
  });

  it('has to be in the registry: that the engine holds it does not count', async () => {
    const engine = recordingEngine(NEW);
    engine.images.set(KEY_NAME, OLD);
    const remote = {
      ...engine,
      remoteImage: () => Promise.resolve(engine.builds.length > 0 ? NEW : undefined),
    };
    expect((await buildImage(remote, direct, unexpected)).origin).toBe('built');
  });

  it('is an error where the registry does not have it afterwards', async () => {
    const error = await failureOfAsync(() => buildImage(recordingEngine(NEW), direct, unexpected));
    expect(error).toMatchObject({ code: 'REGISTRY_MISMATCH', message: expect.stringContaining(KEY_NAME) });
  });
});
