import { failureOfAsync } from '../testing/failures';
import { recordingRunner, type Answers } from '../testing/recording-engine';
import { dockerEngine } from './docker';
import type { ProcessResult } from './process';
import { NO_INPUTS, type BuildRequest, type EngineFacts } from './types';

const VERSION = { Version: '29.0.1', Os: 'linux', Arch: 'amd64' };
const INSPECT =
  'Name:   default\nDriver: docker\n\nNodes:\nName:      default\nPlatforms: linux/amd64*, linux/amd64/v2, linux/386\n';
const RUNNING: Answers = {
  'docker version': { stdout: JSON.stringify(VERSION) },
  'docker buildx inspect': { stdout: INSPECT },
  'docker info': { stdout: '[["storage-driver","overlay2"]]' },
};
const REQUEST: BuildRequest = {
  workspaceRoot: '/w',
  dockerfile: '/w/Dockerfile',
  target: 'runtime',
  tags: ['api'],
  labels: {},
  platforms: [],
  buildArgs: {},
  inputs: NO_INPUTS,
  noCache: false,
  pull: false,
  progress: 'auto',
  extraArgs: [],
};

const engineWith = (answers: Answers): ReturnType<typeof dockerEngine> =>
  dockerEngine(recordingRunner(answers).run, false);
const failed = (stderr: string, exitCode = 1): Partial<ProcessResult> => ({ exitCode, stderr });

describe('probe', () => {
  const probe = (answers: Answers): Promise<EngineFacts> =>
    engineWith({
      ...answers,
      ...Object.fromEntries(Object.entries(RUNNING).filter(([key]) => !(key in answers))),
    }).probe();

  it('reads version, platform, driver and what can be built for', async () => {
    expect(await probe({})).toEqual({
      version: '29.0.1',
      platform: 'linux/amd64',
      driver: 'docker',
      platforms: ['linux/amd64', 'linux/amd64/v2', 'linux/386'],
      containerdStore: false,
    });
  });

  it('knows the containerd store', async () => {
    const info = { stdout: '[["driver-type","io.containerd.snapshotter.v1"]]' };
    expect((await probe({ 'docker info': info })).containerdStore).toBe(true);
  });

  const SOCKET =
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock';
  const DOWN =
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
  it.each<[string, Answers, string]>([
    ['no client', { 'docker version': failed('spawn docker ENOENT', 127) }, 'ENGINE_MISSING'],
    ['no permission', { 'docker version': failed(SOCKET) }, 'ENGINE_PERMISSION'],
    ['no engine', { 'docker version': failed(DOWN) }, 'ENGINE_NOT_RUNNING'],
    [
      'no engine, as newer clients say it',
      { 'docker version': failed('failed to connect to the docker API at unix:///x') },
      'ENGINE_NOT_RUNNING',
    ],
    [
      'no engine where DOCKER_HOST points',
      { 'docker version': failed('error during connect: Get "http://x": dial tcp: lookup x: no such host') },
      'ENGINE_NOT_RUNNING',
    ],
    [
      'no context of that name',
      { 'docker version': failed('context "x": context not found: open meta.json') },
      'ENGINE_NOT_RUNNING',
    ],
    ['a client without a server', { 'docker version': { stdout: 'null' } }, 'ENGINE_NOT_RUNNING'],
    [
      'an engine that is too old',
      { 'docker version': { stdout: JSON.stringify({ ...VERSION, Version: '20.10.24+dfsg1' }) } },
      'ENGINE_TOO_OLD',
    ],
    [
      'no buildx',
      { 'docker buildx inspect': failed("docker: 'buildx' is not a docker command.") },
      'BUILDX_MISSING',
    ],
    [
      'no buildx, as newer clients say it',
      { 'docker buildx inspect': failed('docker: unknown command: docker buildx') },
      'BUILDX_MISSING',
    ],
    ['an engine that speaks otherwise', { 'docker version': { stdout: 'Podman Engine 5' } }, 'ENGINE_FAILED'],
    ['something unknown', { 'docker version': failed('the whale is tired') }, 'ENGINE_FAILED'],
  ])('%s', async (_, answers, code) => {
    const error = await failureOfAsync(() => probe(answers));
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe('');
  });

  it("shows the engine's own words where nothing is known", async () => {
    const error = await failureOfAsync(() => probe({ 'docker version': failed('the whale is tired') }));
    expect(error.message).toContain('the whale is tired');
  });
});

describe('build', () => {
  it.each([
    ['auto', true, 'auto', 'show'],
    ['auto', false, 'plain', 'both'],
    ['tty', true, 'tty', 'show'],
    ['plain', true, 'plain', 'both'],
    ['quiet', false, 'quiet', 'both'],
  ] as const)('progress %s on a terminal (%s) is %s', async (progress, terminal, asked, output) => {
    const runner = recordingRunner();
    await dockerEngine(runner.run, terminal).build({ ...REQUEST, progress });
    const call = runner.calls[0]!;
    expect(call.argv.slice(call.argv.indexOf('--progress'))[1]).toBe(asked);
    expect(call.options.output).toBe(output);
  });

  it('lets no clock into the image', async () => {
    const runner = recordingRunner();
    await dockerEngine(runner.run, false).build(REQUEST);
    expect(runner.calls[0]!.options.env).toMatchObject({ SOURCE_DATE_EPOCH: '315532800' });
  });
});

describe('held', () => {
  const one = { Id: 'sha256:1', Os: 'linux', Architecture: 'amd64', Size: 1, RootFS: {} };
  const other = { ...one, Id: 'sha256:2' };
  const missing = failed('Error response from daemon: No such image: api:1');

  it.each<[string, Record<string, object>, Record<string, string>]>([
    [
      'has all of them',
      { 'docker image inspect api:1 api:2': { stdout: JSON.stringify([one, other]) } },
      { 'api:1': 'sha256:1', 'api:2': 'sha256:2' },
    ],
    ['has none of them', { 'docker image inspect api:1 api:2': { ...missing, stdout: '[]' } }, {}],
    [
      'has some of them',
      {
        'docker image inspect api:1 api:2': { ...missing, stdout: JSON.stringify([other]) },
        'docker image inspect api:1': { ...missing, stdout: '[]' },
        'docker image inspect api:2': { stdout: JSON.stringify([other]) },
      },
      { 'api:2': 'sha256:2' },
    ],
  ])('of an engine that %s', async (_, answers, expected) => {
    const held = await engineWith(answers).held(['api:1', 'api:2']);
    expect(Object.fromEntries([...held].map(([name, { imageId }]) => [name, imageId]))).toEqual(expected);
  });

  it('knows the digest of each in its own repository', async () => {
    const RepoDigests = ['r.example.com/api@sha256:3', 'api@sha256:4'];
    const stdout = JSON.stringify([
      { ...one, RepoDigests },
      { ...one, RepoDigests },
    ]);
    const names = ['api:1', 'r.example.com/api:1'];
    const held = await engineWith({ 'docker image inspect': { stdout } }).held(names);
    expect(names.map((name) => held.get(name)?.manifestDigest)).toEqual(['sha256:4', 'sha256:3']);
  });

  it('fails where the engine does not answer', async () => {
    const engine = engineWith({
      'docker image inspect': failed('Cannot connect to the Docker daemon at unix:///x'),
    });
    expect((await failureOfAsync(() => engine.held(['api:1']))).code).toBe('ENGINE_NOT_RUNNING');
  });
});

describe('inspect', () => {
  const image = {
    Id: 'sha256:1',
    Os: 'linux',
    Architecture: 'arm64',
    Variant: 'v8',
    Size: 12,
    RootFS: { Layers: ['sha256:2'] },
    Descriptor: { digest: 'sha256:3' },
  };

  it.each<[object, object]>([
    [
      image,
      {
        imageId: 'sha256:1',
        platform: 'linux/arm64/v8',
        layers: ['sha256:2'],
        size: 12,
        manifestDigest: 'sha256:3',
      },
    ],
    [
      { ...image, Variant: undefined, Descriptor: undefined, RootFS: {} },
      { imageId: 'sha256:1', platform: 'linux/arm64', layers: [], size: 12 },
    ],
    [
      { ...image, Descriptor: undefined, RepoDigests: ['r.example.com/api@sha256:4', 'api@sha256:5'] },
      {
        imageId: 'sha256:1',
        platform: 'linux/arm64/v8',
        layers: ['sha256:2'],
        size: 12,
        manifestDigest: 'sha256:5',
      },
    ],
    [
      // Of another repository: what this one has, or gets, is another manifest.
      { ...image, Descriptor: undefined, RepoDigests: ['r.example.com/api@sha256:4'] },
      { imageId: 'sha256:1', platform: 'linux/arm64/v8', layers: ['sha256:2'], size: 12 },
    ],
  ])('reads %j', async (answer, facts) => {
    const engine = engineWith({ 'docker image inspect api:1': { stdout: JSON.stringify([answer]) } });
    expect(await engine.inspect('api:1')).toEqual(facts);
  });

  it('finds nothing where there is nothing', async () => {
    const engine = engineWith({
      'docker image inspect': { ...failed('Error response from daemon: No such image: api:1'), stdout: '[]' },
    });
    expect(await engine.inspect('api:1')).toBeUndefined();
  });

  it('does not take a failure for an absent image', async () => {
    const engine = engineWith({
      'docker image inspect': failed('Cannot connect to the Docker daemon at unix:///x'),
    });
    expect((await failureOfAsync(() => engine.inspect('api:1'))).code).toBe('ENGINE_NOT_RUNNING');
  });
});

describe('the configuration of an image', () => {
  const CONFIG = { User: '10001:0', Entrypoint: ['tini', '--'], Cmd: ['web'] };
  const WANTED = { user: '10001:0', entrypoint: ['tini', '--'], command: ['web'] };

  it('is what the engine says', async () => {
    const runner = recordingRunner({
      'docker image inspect': { stdout: JSON.stringify([{ Os: 'linux', Config: CONFIG }]) },
    });
    expect(await dockerEngine(runner.run, false).config('api:1')).toMatchObject(WANTED);
    expect(runner.calls).toHaveLength(1);
  });

  it('is asked of a container, which goes, where the engine describes the image as empty', async () => {
    const runner = recordingRunner({
      'docker image inspect': { stdout: JSON.stringify([{ Os: '', Config: { User: '', Cmd: null } }]) },
      'docker create': { stdout: 'abc' },
      'docker inspect --type=container abc': { stdout: JSON.stringify([{ Id: 'abc', Config: CONFIG }]) },
    });
    expect(await dockerEngine(runner.run, false).config('api:1')).toMatchObject(WANTED);
    expect(runner.calls.at(-1)!.argv).toEqual(['rm', '--force', '--volumes', 'abc']);
  });
});

describe('a builder elsewhere', () => {
  const ARGV = 'docker buildx inspect --bootstrap team';
  const ask = (answer: Partial<ProcessResult>): ReturnType<ReturnType<typeof dockerEngine>['probeBuilder']> =>
    engineWith({ [ARGV]: answer }).probeBuilder('team');

  it('is asked without an engine; of several nodes all platforms count, and the first is its own', async () => {
    const stdout =
      'Name: team\nDriver: remote\n\nNodes:\nName: team0\nPlatforms: linux/arm64*, linux/arm/v7\nName: team1\nPlatforms: linux/amd64, linux/arm64\n';
    expect(await ask({ stdout })).toEqual({
      driver: 'remote',
      platform: 'linux/arm64',
      platforms: ['linux/arm64', 'linux/arm/v7', 'linux/amd64'],
      containerdStore: false,
    });
  });

  it.each<[string, Partial<ProcessResult>, string]>([
    ['that nobody knows', failed('ERROR: no builder "team" found'), 'BUILDER_MISSING'],
    ['that says nothing of platforms', { stdout: 'Name: team\nDriver: remote\n' }, 'BUILDER_MISSING'],
    ['without a client', failed('spawn docker ENOENT', 127), 'ENGINE_MISSING'],
    ['without buildx', failed("docker: 'buildx' is not a docker command."), 'BUILDX_MISSING'],
  ])('%s', async (_, answer, code) => {
    const error = await failureOfAsync(() => ask(answer));
    expect(error.code).toBe(code);
    if (code === 'BUILDER_MISSING') expect(error.hint).toContain('docker buildx create --name team');
  });
});

it('gives an image each of its names', async () => {
  const runner = recordingRunner();
  await dockerEngine(runner.run, false).tag('api:ck', ['api:latest', 'api:1']);
  expect(runner.calls.map(({ argv }) => argv)).toEqual([
    ['tag', 'api:ck', 'api:latest'],
    ['tag', 'api:ck', 'api:1'],
  ]);
});
