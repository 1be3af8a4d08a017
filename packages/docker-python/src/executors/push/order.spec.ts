import { DockerPythonError } from '../../errors';
import type { ImageRecord } from '../../record/image-record';
import type { Settings } from '../../settings/schema';
import { executorWorkspace } from '../../testing/executor-workspace';
import { failureOfAsync } from '../../testing/failures';
import { ENGINE_FACTS } from '../../testing/recording-engine';
import { orderOf, type PushOptions, type PushOrder } from './order';

const REGISTRY = 'r.example.com/acme';
const CI = [
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'CIRCLECI',
  'BUILDKITE',
  'BITBUCKET_BUILD_NUMBER',
  'TF_BUILD',
  'JENKINS_URL',
];
const before = process.env;
beforeEach(() => {
  process.env = Object.fromEntries(
    Object.entries(before).filter(([name]) => !CI.includes(name) && !name.startsWith('DOCKER_PYTHON_')),
  );
});
afterEach(() => void (process.env = before));

const order = (settings: Settings, options: PushOptions = {}): Promise<PushOrder> =>
  orderOf(options, executorWorkspace(settings).context);

describe('what is pushed, and where', () => {
  it('needs a registry', async () => {
    const error = await failureOfAsync(() => order({}));
    expect([error.code, error.message]).toEqual(['REGISTRY_MISSING', expect.stringContaining('nx push api')]);
  });

  it('goes to all registries, by the name of the image or the project', async () => {
    const settings: Settings = { registry: [REGISTRY, 'b.example.com'] };
    expect((await order(settings)).repositories).toEqual([`${REGISTRY}/api`, 'b.example.com/api']);
    expect((await order({ ...settings, image: 'shop' })).repositories[0]).toBe(`${REGISTRY}/shop`);
  });

  it.each<[string, Settings, PushOptions, readonly string[]]>([
    ['settings', { tags: ['a', 'b'] }, {}, ['a', 'b']],
    ['options before settings', { tags: ['a'] }, { tag: ['v1.4.0', 'stable'] }, ['v1.4.0', 'stable']],
    ['one option', {}, { tag: 'v1' }, ['v1']],
    ['a whole number', {}, { tag: 7 }, ['7']],
    ['a template that has no value here', { tags: ['{branch}', 'x'] }, {}, ['x']],
  ])('has the tags of %s', async (_, settings, options, tags) => {
    expect((await order({ registry: REGISTRY, ...settings }, options)).tags).toEqual(tags);
  });

  it('refuses a number that is a version which Nx has shortened', async () => {
    const error = await failureOfAsync(() => order({ registry: REGISTRY }, { tag: 1.1 }));
    expect([error.code, error.hint]).toEqual(['INVALID_SETTINGS', expect.stringContaining('--tag=v1.1')]);
  });
});

describe('the platforms of the record', () => {
  const record = (...platforms: string[]): ImageRecord =>
    ({ platforms }) as Partial<ImageRecord> as ImageRecord;
  const never = (): Promise<never> => Promise.reject(new Error('no engine may be asked'));
  const check = async (
    settings: Settings,
    platforms: string[],
    probe = never as () => Promise<typeof ENGINE_FACTS>,
  ): Promise<void> =>
    (await order({ registry: REGISTRY, ...settings })).checkPlatforms({ probe }, record(...platforms));

  it.each<[string, Settings, string[]]>([
    [
      'those that are set, in any order',
      { platforms: ['linux/arm64', 'linux/amd64'] },
      ['linux/amd64', 'linux/arm64'],
    ],
    ['any of a builder elsewhere', { builder: 'team' }, ['linux/arm64']],
    ['any where images go to the registry', { store: 'registry' }, ['linux/arm64']],
  ])('may be %s', async (_, settings, platforms) => {
    await expect(check(settings, platforms)).resolves.toBeUndefined();
  });

  it('are else those of this engine', async () => {
    const probe = (): Promise<typeof ENGINE_FACTS> => Promise.resolve(ENGINE_FACTS);
    await expect(check({}, ['linux/amd64'], probe)).resolves.toBeUndefined();
    const error = await failureOfAsync(() => check({}, ['linux/arm64'], probe));
    expect(error).toBeInstanceOf(DockerPythonError);
    expect([error.code, error.hint]).toEqual([
      'PLATFORM_MISMATCH',
      expect.stringContaining('"platforms": ["linux/arm64"]'),
    ]);
  });

  it('that were set after the build are named', async () => {
    const error = await failureOfAsync(() => check({ platforms: ['linux/arm64'] }, ['linux/amd64']));
    expect(error.message).toBe('The image record of api is of linux/amd64, but linux/arm64 is asked for.');
  });
});
