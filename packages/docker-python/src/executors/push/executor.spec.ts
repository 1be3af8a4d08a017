import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ImageFacts } from '../../engine/types';
import { keepingWords } from '../../engine/words';
import { readPushRecord, pushRecordPath } from '../../record/push-record';
import { readRecord, recordPath, SHIPPED } from '../../record/image-record';
import { STEPS } from '../../render/ci/types';
import type { Settings } from '../../settings/schema';
import { executorWorkspace } from '../../testing/executor-workspace';
import { failureOfAsync } from '../../testing/failures';
import { recordingEngine, recordingRegistries } from '../../testing/recording-engine';
import { writeFiles } from '../../testing/temp-folder';
import { readIfPresent } from '../files';
import type { PushOptions } from './order';
import { push as pushImage } from './executor';

const IMAGE = 'r.example.com/acme/api';
const BUILT: ImageFacts = {
  imageId: 'sha256:1',
  manifestDigest: 'sha256:1',
  platform: 'linux/amd64',
  layers: [],
  size: 1,
};
const UNINTERRUPTED = {
  happened: new Promise<void>(() => undefined),
  pause: () => Promise.resolve(),
};

const before = process.env;
beforeEach(() => {
  // Nobody reads reports of pushes, whatever CI system these tests run in.
  const { GITHUB_ACTIONS: _a, GITHUB_OUTPUT: _b, GITHUB_STEP_SUMMARY: _c, GITLAB_CI: _d, ...rest } = before;
  process.env = rest;
});
afterEach(() => void (process.env = before));

/** A project whose smoke test is a script; an engine and a registry that note what is asked of them. */
function world(script = 'exit 0', settings: Settings = {}) {
  const { root, context } = executorWorkspace({ registry: 'r.example.com/acme', ...settings });
  writeFiles(root, { 'apps/api/docker/smoke-test.sh*': `#!/usr/bin/env bash\n${script}\n` });
  const registry = new Map<string, ImageFacts>();
  const asked: string[] = [];
  /** Another machine: nothing in its engine. */
  const machine = () => {
    const engine = recordingEngine(BUILT);
    const registries = recordingRegistries(engine.images, registry);
    const noting = {
      ...registries,
      push: (name: string) => (asked.push(`push ${name}`), registries.push(name)),
      pull: (name: string) => (asked.push(`pull ${name}`), registries.pull(name)),
      retag: (source: string, names: readonly [string, ...string[]]) => (
        asked.push(`retag ${names.join(' ')}`),
        registries.retag(source, names)
      ),
    };
    return { ...engine, ...noting };
  };
  let engine = machine();
  const push = (options: PushOptions): Promise<string> =>
    keepingWords(() => pushImage(engine, options, context, UNINTERRUPTED)).then(({ words }) => words);
  const recordAt = recordPath('apps/api', SHIPPED);
  return {
    root,
    registry,
    push,
    asked: () => asked.splice(0),
    builds: () => engine.builds.length,
    moveToAnotherMachine: () => void (engine = machine()),
    key: () => `ck-${readRecord(readIfPresent(join(root, recordAt))!, recordAt).contentKey}`,
    record: () => readPushRecord(readIfPresent(join(root, pushRecordPath('apps/api')))),
    /** Tags in the registry, without those of tests. */
    tags: () =>
      [...registry.keys()].map((name) => name.replace(`${IMAGE}:`, '')).filter((tag) => !/^st-/.test(tag)),
  };
}

it('names what no commit has where a tag moves, and not on CI', async () => {
  const at = world();
  execFileSync('git', ['init', '--quiet', at.root]);
  process.env['CI'] = 'true';
  expect(await at.push({ tag: ['v1'] })).not.toContain('No commit');
  delete process.env['CI'];
  expect(await at.push({ tag: ['v1'] })).not.toContain('No commit');
  expect(await at.push({ tag: ['v1', 'v2'] })).toMatch(
    /^api: No commit has what v2 will name: .*apps\/api\/app\.py/m,
  );
});

it('builds what nobody has built, tests it, sends it under its key, then moves tags, and writes down what it did', async () => {
  const at = world();
  const words = await at.push({ tag: ['v1', 'stable'] });
  const key = at.key();
  expect(words).toMatch(
    /^api: r\.example\.com\/acme\/api · sha256:1 · pushed · tags set: v1, stable · [\d.]+ s$/m,
  );
  expect(at.asked()).toEqual([
    `push ${IMAGE}:${key}`,
    expect.stringMatching(`^retag ${IMAGE}:${key} ${IMAGE}:st-\\w+ ${IMAGE}:v1 ${IMAGE}:stable$`),
  ]);
  expect([at.builds(), at.tags()]).toEqual([1, [key, 'v1', 'stable']]);
  expect(at.record()).toEqual({
    version: 1,
    project: 'api',
    contentKey: key.slice('ck-'.length),
    digest: 'sha256:1',
    platforms: ['linux/amd64'],
    images: [{ image: IMAGE, reference: `${IMAGE}@sha256:1`, tags: [key, 'v1', 'stable'] }],
  });
});

it('gives another tag to an image that the registry has, on a machine that has it not: nothing travels', async () => {
  const at = world();
  await at.push({ tag: 'v1' });
  at.asked();
  at.moveToAnotherMachine();
  expect(await at.push({ tag: 'v2' })).toContain('unchanged: the registry had the image · tags set: v2');
  expect([at.builds(), at.asked()]).toEqual([0, [`retag ${IMAGE}:${at.key()} ${IMAGE}:v2`]]);
  expect(await at.push({ tag: 'v2' })).toContain(
    'unchanged: the registry had the image · no tag had to move',
  );
});

it('sends nothing of an image that fails its test', async () => {
  const at = world('exit 3');
  expect((await failureOfAsync(() => at.push({ tag: 'v1' }))).code).toBe('SMOKE_SCRIPT_FAILED');
  expect([at.asked(), at.tags(), at.record()]).toEqual([[], [], undefined]);
});

it('sends nothing of an image that is of another platform', async () => {
  const at = world('exit 0');
  await at.push({ tag: 'v1' });
  at.asked();
  const failure = await failureOfAsync(() => at.push({ tag: 'v2', platforms: ['linux/arm64'] }));
  expect([failure.code, at.asked()]).toEqual(['PLATFORM_MISMATCH', []]);
});

it('has no tag of a test where the test is switched off', async () => {
  const at = world('exit 3', { smokeTest: false });
  await at.push({ tag: 'v1' });
  expect([...at.registry.keys()]).toEqual([`${IMAGE}:${at.key()}`, `${IMAGE}:v1`]);
});

it('only says what it would do, if asked', async () => {
  const at = world();
  expect(await at.push({ tag: 'v1', dryRun: true })).toMatch(/dry run[\s\S]*would set v1/);
  expect([at.asked(), at.tags(), at.record()]).toEqual([[], [], undefined]);
});

it('names registries that the script of the CI system was written without', async () => {
  const at = world();
  const script = (...hosts: string[]): void =>
    writeFiles(at.root, {
      [STEPS]: `# Managed. To renew it: nx g docker-python:ci --provider=gitlab\nregistries=(${hosts.join(' ')})\n`,
    });
  script('ghcr.io', 'r.example.com');
  expect(await at.push({ tag: 'v1' })).not.toContain('CI does not');
  // A registry of one run is none of the workspace.
  expect(await at.push({ tag: 'v1', registry: 'r2.example.com' })).not.toContain('CI does not');
  script('ghcr.io');
  expect(await at.push({ tag: 'v1' })).toContain(
    `api: CI does not log in to r.example.com: ${STEPS} was written before. Run: nx g docker-python:ci --provider=gitlab`,
  );
});
