import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { attempt } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { pythonJob } from './harness/python-job';
import { registryContent, type RegistryContent } from './harness/registry-content';
import { startRegistryProxy, type Fault, type RegistryProxy } from './harness/registry-proxy';
import { createWorkspace, NOWHERE, type CommandResult, type Workspace } from './harness/workspace';

const NAMES = ['e2e-push-one', 'e2e-push-two'] as const;
const [ONE] = NAMES;
/** As the environment names its image, for one run. */
const RENAMED = 'e2e-push-renamed';

let registry: RunningRegistry;
let content: RegistryContent;
let proxy: RegistryProxy;
let workspace: Workspace;

beforeAll(async () => {
  registry = await startRegistry();
  content = registryContent(registry.host);
  proxy = await startRegistryProxy(registry.host);
  workspace = await createWorkspace(
    NEWEST,
    Object.assign({}, ...NAMES.map((name) => pythonJob(name))) as Record<string, string>,
  );
  await workspace.nx('sync');
  await workspace.commit('dockerized');
});

afterAll(async () => {
  workspace.remove();
  await pruned();
  await proxy.stop();
  await registry.stop();
});

/** Whatever a test that failed has left: the next one would wait for what it holds. */
afterEach(() => proxy.reset());

const nxProgram = (): string => join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
const environment = (env: Readonly<Record<string, string>>): Record<string, string> => ({
  ...NOWHERE,
  DOCKER_PYTHON_REGISTRY: `${proxy.host}/acme`,
  ...env,
});
const tryNx = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
  workspace.run(process.execPath, [nxProgram(), ...argv, '--output-style=static'], environment(env));

async function nx(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exitCode, output } = await tryNx(argv, env);
  if (exitCode !== 0) throw new Error(`nx ${argv.join(' ')} failed:\n${output}`);
  return output;
}

/** Digest that the registry has under a tag, which has to be there. */
async function digestOf(tag: string, name: string = ONE): Promise<string> {
  const digest = await content.digestOf(`acme/${name}`, tag);
  if (digest === undefined) throw new Error(`the registry has no ${name}:${tag}`);
  return digest;
}
const tagsOf = (): Promise<readonly string[]> => content.tagsOf(`acme/${ONE}`);

const isMoving = (tag: string): boolean => !/^(ck|st)-/.test(tag);
const movingTags = async (): Promise<readonly string[]> => (await tagsOf()).filter(isMoving);

const pruned = (): Promise<void> =>
  removeImages(...[...NAMES, RENAMED].map((name) => `${proxy.host}/acme/${name}`));

/** The same checkout on a machine without any cache. */
async function freshMachine(): Promise<void> {
  await pruned();
  for (const folder of ['dist', '.nx/cache', '.nx/workspace-data'])
    rmSync(join(workspace.root, folder), { recursive: true, force: true });
}

/** To code that the registry does not have, not even where a test is run once more. */
const edit = (text: string): void =>
  workspace.write(`jobs/${ONE}/main.py`, `print("${text}")  # ${randomUUID()}\n`);

it('sends tested images, with the tag of their key and latest on the default branch', async () => {
  const output = await nx(['run-many', '-t', 'push']);
  expect(output).toContain('tags set: latest');
  const tags = await tagsOf();
  expect(tags).toEqual([expect.stringMatching(/^ck-/), 'latest', expect.stringMatching(/^st-/)]);
  const digest = await digestOf('latest');
  const record = JSON.parse(workspace.read(`dist/docker-python/jobs/${ONE}/push.json`)) as object;
  expect(record).toMatchObject({ digest, images: [{ tags: [tags[0], 'latest'] }] });
  for (const tag of tags) expect(await digestOf(tag)).toBe(digest);
});

it('builds, tests and fetches nothing on a machine that has no cache', async () => {
  await freshMachine();
  proxy.reset();
  const output = await nx(['run-many', '-t', 'push']);
  expect(output.match(/unchanged: the registry has the image of exactly these sources/g)).toHaveLength(2);
  expect(output.match(/passed its smoke test elsewhere/g)).toHaveLength(2);
  expect(output.match(/unchanged: the registry had the image · no tag had to move/g)).toHaveLength(2);
  expect(proxy.uploaded()).toBe(0);
  // Configurations; the smallest image has more than 40 MB.
  expect(proxy.downloaded()).toBeLessThan(250_000);
  // Of each image: what it is (two), whether it was tested, its three tags, and whether manifest, configuration and
  // each layer are there.
  const { layers = [] } = await content.manifestOf(`acme/${ONE}`, 'latest');
  expect(proxy.seen).toHaveLength(NAMES.length * (8 + layers.length));
  expect(await docker('images', '--quiet', `${proxy.host}/acme/${ONE}`)).toBe('');
});

it('fetches what the registry has where latest on this machine would stay on another image', async () => {
  await freshMachine();
  const [image, other] = NAMES.map((name) => `${proxy.host}/acme/${name}`) as [string, string];
  const digest = await digestOf('latest');
  await docker('pull', '--quiet', `${other}:latest`);
  await docker('tag', `${other}:latest`, `${image}:latest`);
  const output = await nx(['docker-build', ONE]);
  expect(output).toContain('unchanged: the registry has the image of exactly these sources');
  expect(await docker('image', 'inspect', '--format={{json .RepoDigests}}', `${image}:latest`)).toContain(
    `${image}@${digest}`,
  );
  await docker('rmi', `${image}@${digest}`);
  await pruned();
});

it('builds one image after one edit, of which only the new layers travel', async () => {
  const before = await digestOf('latest', NAMES[1]);
  edit('edited');
  proxy.reset();
  const output = await nx(['run-many', '-t', 'push']);
  expect(output.match(/· built,/g)).toHaveLength(1);
  expect(proxy.uploaded()).toBeGreaterThan(0);
  expect(proxy.uploaded()).toBeLessThan(30_000);
  expect(await digestOf('latest', NAMES[1])).toBe(before);
});

it('keeps the image that the registry has under a key; a label gives another key', async () => {
  await nx(['run-many', '-t', 'push']);
  const before = await digestOf('latest');
  // Another commit is another label, and so another digest of the same key.
  workspace.write('elsewhere.txt', randomUUID());
  await workspace.commit('elsewhere');
  await nx(['docker-build', ONE, '--no-cache']);
  const image = `${proxy.host}/acme/${ONE}:latest`;
  expect(await docker('image', 'inspect', '--format={{.Id}}', image)).not.toBe(before);
  await nx(['push', ONE]);
  expect(await digestOf('latest')).toBe(before);
  const path = `jobs/${ONE}/docker-python.json`;
  const settings = JSON.parse(workspace.read(path)) as object;
  workspace.write(path, JSON.stringify({ ...settings, labels: { 'com.acme.rebuild': '2' } }));
  await workspace.commit('built again');
  await nx(['docker-build', ONE, '--no-cache']);
  const built = await docker('image', 'inspect', '--format={{.Id}}', image);
  await nx(['push', ONE]);
  expect(await digestOf('latest')).toBe(built);
});

it('gives a release tag in the registry, and builds and pulls nothing for it', async () => {
  await pruned();
  proxy.reset();
  const output = await nx(['run-many', '-t', 'push', '--tag=v1.4.0']);
  expect(output.match(/tags set: v1\.4\.0/g)).toHaveLength(2);
  expect([proxy.uploaded(), await docker('images', '--quiet', `${proxy.host}/acme/${ONE}`)]).toEqual([0, '']);
  expect(await digestOf('v1.4.0')).toBe(await digestOf('latest'));
});

it('only says what it would do, if asked', async () => {
  const before = await tagsOf();
  const output = await nx(['push', ONE, '--dryRun', '--tag=v9', '--tag=latest']);
  expect(output).toContain('has the image · would set v9 · latest already there');
  expect(await tagsOf()).toEqual(before);
});

it('leaves latest alone on a branch', async () => {
  const latest = await digestOf('latest');
  await workspace.run('git', ['switch', '--quiet', '--create', 'feature/x']);
  edit('on a branch');
  expect(await nx(['push', ONE])).toContain('tags set: branch-feature-x');
  expect(await digestOf('latest')).toBe(latest);
  expect(await digestOf('branch-feature-x')).not.toBe(latest);
  await workspace.run('git', ['switch', '--quiet', 'main']);
});

it('leaves every tag where it was if the smoke test fails', async () => {
  const before = await tagsOf();
  const latest = await digestOf('latest');
  workspace.write(`jobs/${ONE}/main.py`, 'raise SystemExit(3)\n');
  const { exitCode, output } = await tryNx(['push', ONE]);
  expect(exitCode).not.toBe(0);
  expect(output).toContain('SMOKE_BROKEN_IMAGE');
  expect(await tagsOf()).toEqual(before);
  expect(await digestOf('latest')).toBe(latest);
});

const UPLOAD = { method: 'PUT', path: /\/blobs\/uploads\// };
it.each<[string, Fault]>([
  ['500', { status: 500 }],
  ['429', { status: 429 }],
  ['a dropped connection', 'reset'],
  ['a truncated upload', 'truncate'],
  ['a blob that is taken and not kept', 'forget'],
])('gets over %s', async (title, fault) => {
  edit(`after ${title}`);
  proxy.reset({ ...UPLOAD, fault, times: 1 });
  expect(await nx(['push', ONE])).toContain('tags set: latest');
  expect(proxy.faults()).toBe(1);
  proxy.reset();
  const record = JSON.parse(workspace.read(`dist/docker-python/jobs/${ONE}/push.json`)) as { digest: string };
  expect(await digestOf('latest')).toBe(record.digest);
});

it.each<[number, string, () => string]>([
  [401, 'REGISTRY_UNAUTHORIZED', () => `docker login ${proxy.host}`],
  [403, 'REGISTRY_DENIED', () => `docker login ${proxy.host}`],
  [404, 'REGISTRY_NAME_UNKNOWN', () => 'Create it there first'],
])('ends at %i with what to do, and no tag moves', async (status, code, hint) => {
  const latest = await digestOf('latest');
  edit(`refused ${status}`);
  // As Amazon ECR answers for a repository that nobody has made.
  const answer = { code: 'NAME_UNKNOWN', message: `The repository with name 'acme/${ONE}' does not exist` };
  const fault = { status, ...(status === 404 ? { answer } : {}) };
  proxy.reset({ method: 'POST', path: /\/blobs\/uploads\//, fault, times: 1000 });
  const { exitCode, output } = await tryNx(['push', ONE]);
  proxy.reset();
  expect(exitCode).not.toBe(0);
  for (const text of [`${code}: ${proxy.host}`, hint()]) expect(output).toContain(text);
  expect(await digestOf('latest')).toBe(latest);
});

it('sends a layer again that the registry has lost', async () => {
  const { layers = [] } = await content.manifestOf(`acme/${ONE}`, 'latest');
  const { digest } = layers[0]!;
  edit('lost a layer');
  await nx(['push', ONE]);
  expect(await content.removeBlob(`acme/${ONE}`, digest)).toBe(true);
  await nx(['push', ONE]);
  expect(await content.hasBlob(`acme/${ONE}`, digest)).toBe(true);
});

it.each<[when: string, signal: NodeJS.Signals, held: RegExp, has: boolean]>([
  ['before the registry has the image', 'SIGTERM', /\/manifests\/ck-/, false],
  ['before the registry has the image', 'SIGKILL', /\/manifests\/ck-/, false],
  ['between the image and its tags', 'SIGKILL', /\/manifests\/(?!ck-|sha256:)/, true],
])('killed %s (%s), it has moved no tag, and another run does the rest', async (_, signal, held, has) => {
  const latest = await digestOf('latest');
  edit('killed');
  await nx(['smoke-test', ONE]);
  const before = await tagsOf();
  proxy.reset({ method: 'PUT', path: held, fault: 'hang', times: 1000 });
  const child = spawn(process.execPath, [nxProgram(), 'push', ONE], {
    cwd: workspace.root,
    stdio: 'ignore',
    env: { ...process.env, ...environment({ NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true' }) },
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const sent = (): boolean =>
    proxy.seen.some(({ method, path }) => method === 'PUT' && path.includes('/blobs/'));
  for (let tries = 0; tries < 900 && proxy.faults() === 0; tries++) await sleep(200);
  // It has sent layers, and waits for the answer to what makes an image of them, or names it.
  expect([sent(), proxy.faults() > 0, child.exitCode, child.signalCode]).toEqual([true, true, null, null]);
  // A machine that is taken away kills all there is; who ends a job asks the first process.
  process.kill(signal === 'SIGKILL' ? -child.pid! : child.pid!, signal);
  await ended;
  const added = (await tagsOf()).filter((tag) => !before.includes(tag));
  expect(added).toEqual(has ? [expect.stringMatching(/^ck-/)] : []);
  expect(await digestOf('latest')).toBe(latest);
  proxy.reset();
  const output = await nx(['push', ONE]);
  expect(output).toContain(`${has ? 'unchanged: the registry had the image' : 'pushed'} · tags set: latest`);
  const record = JSON.parse(workspace.read(`dist/docker-python/jobs/${ONE}/push.json`)) as { digest: string };
  expect(await digestOf('latest')).toBe(record.digest);
  expect(await movingTags()).toEqual(before.filter(isMoving));
});

/** As on a machine whose images were removed: the record of the build and the word of its test are there still. */
async function rebuiltUnlikeTested(): Promise<string> {
  await workspace.commit('tested');
  await nx(['smoke-test', ONE]);
  const path = `dist/docker-python/jobs/${ONE}/image.runtime.json`;
  const { manifestDigest } = JSON.parse(workspace.read(path)) as { manifestDigest: string };
  await pruned();
  // The label of the commit that built it makes it another image of the same sources.
  await workspace.commit('of other things');
  return manifestDigest;
}

it('tests again what is built anew and is not the image that was tested, before it sends that', async () => {
  edit('rebuilt');
  const tested = await rebuiltUnlikeTested();
  const output = await nx(['push', ONE]);
  expect(output.match(new RegExp(`${ONE}:(docker-build|smoke-test) +\\[(existing|local)`, 'g'))).toHaveLength(
    2,
  );
  expect(output).toContain('this image is not the one that was tested, so it is tested before the push');
  expect(output).toContain('main passed its smoke test ·');
  expect(output).toContain('· pushed · tags set: latest');
  expect(await digestOf('latest')).not.toBe(tested);
});

it('moves nothing where what is built anew does not pass', async () => {
  edit('rebuilt and broken');
  const verdict = join(workspace.root, 'dist/verdict');
  const script = `jobs/${ONE}/docker/smoke-test.sh`;
  try {
    workspace.write(script, `#!/bin/sh\necho "testing $1"\nexit "$(cat ${verdict})"\n`);
    await workspace.run('chmod', ['+x', script]);
    workspace.write('dist/verdict', '0');
    await rebuiltUnlikeTested();
    workspace.write('dist/verdict', '3');
    const before = await tagsOf();
    const latest = await digestOf('latest');
    const { exitCode, output } = await tryNx(['push', ONE]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('so it is tested before the push');
    expect(output).toContain('SMOKE_SCRIPT_FAILED');
    expect([await tagsOf(), await digestOf('latest')]).toEqual([before, latest]);
  } finally {
    rmSync(join(workspace.root, script));
  }
});

it('takes name, tags and arguments of the engine from the environment', async () => {
  const renamed = `acme/${RENAMED}`;
  await nx(['push', ONE], {
    DOCKER_PYTHON_IMAGE: RENAMED,
    DOCKER_PYTHON_TAGS: 'stable,{branch}-{shortSha} nightly@tag',
    DOCKER_PYTHON_EXTRA_BUILD_ARGS: '--label com.acme.run=7 --ulimit nofile=4096',
  });
  const { output: sha } = await workspace.run('git', ['rev-parse', '--short=7', 'HEAD']);
  expect((await content.tagsOf(renamed)).filter(isMoving)).toEqual([`main-${sha.trim()}`, 'stable']);
  const label = ['image', 'inspect', '--format={{index .Config.Labels "com.acme.run"}}'];
  expect(await docker(...label, `${proxy.host}/${renamed}:latest`)).toBe('7');
});

it('sends a build straight to the registry, under its key alone before the test', async () => {
  workspace.write(
    `jobs/${ONE}/docker-python.json`,
    '{ "version": 1, "command": ["python", "main.py"], "store": "registry", "cache": "registry" }\n',
  );
  edit('straight');
  const latest = await digestOf('latest');
  const before = await tagsOf();
  await nx(['docker-build', ONE]);
  const added = (await tagsOf()).filter((tag) => !before.includes(tag));
  expect(added).toEqual(['cache-main', expect.stringMatching(/^ck-/)]);
  expect(await digestOf('latest')).toBe(latest);
  await pruned();
  expect(await nx(['push', ONE])).toContain('tags set: latest');
  expect(await digestOf('latest')).toBe(await digestOf(added[1]!));
  expect((await attempt('docker', ['image', 'inspect', `${proxy.host}/acme/${ONE}:latest`])).ok).toBe(true);
});
