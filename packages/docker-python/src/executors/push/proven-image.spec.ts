import { join } from 'node:path';
import type { ImageFacts } from '../../engine/types';
import type { ImageRecord } from '../../record/image-record';
import { readTestRecord, testRecordPath } from '../../record/test-record';
import { repository, type Tag } from '../../reference/image-name';
import type { PushPlan } from '../../shipping/plan-push';
import type { RepositoryState } from '../../shipping/state';
import { executorWorkspace } from '../../testing/executor-workspace';
import { failureOfAsync } from '../../testing/failures';
import { recordingEngine, recordingRegistries } from '../../testing/recording-engine';
import { writeFiles } from '../../testing/temp-folder';
import { readIfPresent } from '../files';
import { keepTestRecord, testTagOf } from '../smoke-test/test-identity';
import { heldDigest, provenImage } from './proven-image';

const IMAGE = repository('api', 'r.example.com');
const KEY = 'a'.repeat(40);
const NAME = `${IMAGE}:ck-${KEY}`;
const RECORD: ImageRecord = {
  version: 1,
  contentKey: KEY,
  image: IMAGE,
  imageId: 'sha256:1',
  manifestDigest: 'sha256:1',
  platforms: ['linux/amd64'],
  base: 'python',
  layers: [],
  size: 1,
};

const facts = (digest: string): ImageFacts => ({
  imageId: digest,
  manifestDigest: digest,
  platform: 'linux/amd64',
  layers: [],
  size: 1,
});

const spy = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
afterAll(() => spy.mockRestore());

/** A project whose smoke test is a script, so that no engine is needed. */
function world(script: string, engineHas: string | undefined, registryHas?: string) {
  const { root, context, read } = executorWorkspace({ registry: 'r.example.com' });
  writeFiles(root, {
    'apps/api/docker/smoke-test.sh*': `#!/usr/bin/env bash\necho "$1" >> "${root}/tested"\n${script}\n`,
  });
  const engine = recordingEngine(undefined);
  if (engineHas !== undefined) engine.images.set(NAME, facts(engineHas));
  const registry = new Map(registryHas === undefined ? [] : [[NAME, facts(registryHas)]]);
  const project = read();
  const tested = testTagOf(KEY, project);
  const surroundings = {
    engine: { ...engine, ...recordingRegistries(engine.images, registry) },
    project,
    context,
    interruption: { happened: new Promise<void>(() => undefined), pause: () => Promise.resolve() },
  };
  const plan: PushPlan = {
    digest: registryHas,
    source: registryHas === undefined ? undefined : IMAGE,
    shipments: [],
  };
  const state = (said: string | undefined): RepositoryState => ({
    repository: IMAGE,
    key: registryHas,
    tested: said,
    moving: new Map(),
  });
  return {
    project,
    tested,
    prove: (said?: string, tag: Tag | undefined = tested) =>
      provenImage(surroundings, RECORD, plan, [state(said)], tag),
    proveUntested: () => provenImage(surroundings, RECORD, plan, [state(undefined)], undefined),
    held: () => [...engine.images.values()].map(({ manifestDigest }) => manifestDigest),
    runs: () => readIfPresent(join(root, 'tested')) ?? '',
    testRecord: () => readTestRecord(readIfPresent(join(root, testRecordPath('apps/api')))),
  };
}

describe('where no registry has the image', () => {
  it('takes the word of the test record for exactly this image and this test', async () => {
    const at = world('exit 1', 'sha256:1');
    keepTestRecord(RECORD, at.tested, at.project);
    expect([await at.prove(), at.runs()]).toEqual([NAME, '']);
  });

  it.each<[string, string, boolean]>([
    ['has not been tested', 'sha256:1', false],
    ['is another build than the one that was tested', 'sha256:2', true],
  ])('tests one that %s, and remembers that it has passed', async (_, engineHas, otherTested) => {
    const at = world('exit 0', engineHas);
    if (otherTested) keepTestRecord(RECORD, at.tested, at.project);
    expect([await at.prove(), at.runs()]).toEqual([NAME, `${NAME}\n`]);
    expect(at.testRecord()).toMatchObject({ testTag: at.tested, manifestDigest: engineHas });
  });

  it('ends where the test fails', async () => {
    const at = world('exit 3', 'sha256:1');
    expect((await failureOfAsync(() => at.prove())).code).toBe('SMOKE_SCRIPT_FAILED');
    expect(at.testRecord()).toBeUndefined();
  });

  it('tests nothing where the test is switched off', async () => {
    const at = world('exit 1', 'sha256:1');
    expect([await at.proveUntested(), at.runs()]).toEqual([NAME, '']);
  });
});

describe('where a registry has it', () => {
  it.each<[string, string | undefined]>([
    ['the very image', 'sha256:9'],
    ['another build', 'sha256:1'],
    ['nothing', undefined],
  ])('its word counts that it has passed, and the engine may have %s', async (_, engineHas) => {
    const at = world('exit 1', engineHas, 'sha256:9');
    expect([await at.prove('sha256:9'), at.runs()]).toEqual([NAME, '']);
    expect(at.held()).toEqual(engineHas === undefined ? [] : [engineHas]);
  });

  it('is fetched and tested where it has passed another test, or another image this one', async () => {
    const at = world('exit 0', undefined, 'sha256:9');
    expect([await at.prove('sha256:1'), at.runs()]).toEqual([NAME, `${NAME}\n`]);
    expect(at.testRecord()?.manifestDigest).toBe('sha256:9');
  });
});

it('knows what the engine has under the key', async () => {
  const engine = recordingEngine(undefined);
  expect(await heldDigest(engine, RECORD)).toBeUndefined();
  engine.images.set(NAME, facts('sha256:7'));
  expect(await heldDigest(engine, RECORD)).toBe('sha256:7');
  // Without containerd's store: pulled, and sent under another digest.
  engine.images.set(NAME, { ...facts('sha256:7'), imageId: 'sha256:config' });
  expect(await heldDigest(engine, RECORD)).toBeUndefined();
});
