import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ImageRecord } from '../packages/docker-python/src/record/image-record';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { NEWEST } from '../tools/workspace/nx-versions';
import { BASE, startClassicEngine, type ClassicEngine } from './harness/classic-engine';
import { pythonJob } from './harness/python-job';
import { registryContent, type RegistryContent } from './harness/registry-content';
import { startRegistryProxy, type RegistryProxy } from './harness/registry-proxy';
import { cloneWorkspace, createWorkspace, NOWHERE, type Workspace } from './harness/workspace';

const NAME = 'e2e-classic';
const ROOT = `jobs/${NAME}`;
const COMMAND = ['python', '-m', 'http.server', '8000'];

let registry: RunningRegistry;
let proxy: RegistryProxy;
let content: RegistryContent;
let engine: ClassicEngine;
let workspace: Workspace;
/** Another checkout: no results of tasks, and of the engine nothing but what is asked for. */
let clone: Workspace;

beforeAll(async () => {
  registry = await startRegistry();
  proxy = await startRegistryProxy(registry.host);
  content = registryContent(registry.host);
  engine = await startClassicEngine(proxy.host);
  workspace = await createWorkspace(NEWEST, pythonJob(NAME, settings({})));
  await workspace.nx('sync');
  await workspace.commit('dockerized');
  clone = await cloneWorkspace(workspace);
});

afterAll(async () => {
  workspace?.remove();
  clone?.remove();
  await engine?.stop();
  await proxy?.stop();
  await registry?.stop();
});

function settings(more: object): Record<string, string> {
  return { 'docker-python.json': JSON.stringify({ version: 1, command: COMMAND, port: 8000, ...more }) };
}

async function tryNx(at: Workspace, ...argv: string[]): Promise<{ exitCode: number; output: string }> {
  const env = { ...NOWHERE, ...engine.env, DOCKER_PYTHON_REGISTRY: `${proxy.host}/acme` };
  const program = join(at.root, 'node_modules/nx/dist/bin/nx.js');
  return at.run(process.execPath, [program, ...argv, '--output-style=static'], env);
}

async function nx(at: Workspace, ...argv: string[]): Promise<string> {
  const { exitCode, output } = await tryNx(at, ...argv);
  if (exitCode !== 0) throw new Error(`nx ${argv.join(' ')} failed:\n${output}`);
  return output;
}

const image = (): string => `${proxy.host}/acme/${NAME}`;
const record = (at: Workspace): ImageRecord =>
  JSON.parse(at.read(`dist/docker-python/${ROOT}/image.runtime.json`)) as ImageRecord;
/** Digest that the registry has under a tag. */
const digestOf = (tag: string): Promise<string | undefined> => content.digestOf(`acme/${NAME}`, tag);
const layersOf = async (tag: string): Promise<readonly string[]> =>
  ((await content.manifestOf(`acme/${NAME}`, tag)).layers ?? []).map(({ digest }) => digest);
const idOf = (): Promise<string> => engine.docker('image', 'inspect', '--format={{.Id}}', image());

it('builds once, by the id: the engine knows no digest yet', async () => {
  expect(await engine.docker('info', '--format={{json .DriverStatus}}')).not.toContain('snapshotter');
  expect(await nx(workspace, 'docker-build', NAME)).toMatch(/ MB unpacked .* built, first image/);
  expect(await nx(workspace, 'docker-build', NAME, '--skip-nx-cache')).toContain(
    'unchanged: the engine has the image of exactly these sources',
  );
  expect(record(workspace)).toMatchObject({ imageId: await idOf() });
  expect(record(workspace).manifestDigest).toBeUndefined();
});

it('tests it and sends it, under the digest that the push has made', async () => {
  const output = await nx(workspace, 'push', NAME);
  expect(output).toMatch(/answers 200 .* healthy/);
  const digest = await digestOf('latest');
  expect(output).toContain(`${digest?.slice(0, 19)} · pushed · tags set: latest`);
  expect(digest).not.toBe(await idOf());
  expect(await digestOf(`ck-${record(workspace).contentKey}`)).toBe(digest);
});

it('builds, tests and fetches nothing in another checkout on an engine without the image', async () => {
  await engine.docker('rmi', '--force', await idOf());
  proxy.reset();
  const output = await nx(clone, 'push', NAME, '--tag=v1');
  expect(output).toContain('unchanged: the registry has the image of exactly these sources');
  expect(output).toContain('passed its smoke test elsewhere');
  expect(output).toContain('unchanged: the registry had the image · tags set: v1');
  expect(proxy.uploaded()).toBe(0);
  expect(await engine.docker('images', '--quiet', image())).toBe('');
  expect(await digestOf('v1')).toBe(await digestOf('latest'));
});

it('takes the image from the registry where it has to run', async () => {
  expect(await nx(clone, 'smoke-test', NAME, '--no-cache')).toMatch(/answers 200 .* healthy/);
  expect(await engine.docker('image', 'inspect', '--format={{json .RepoDigests}}', image())).toContain(
    `${image()}@${await digestOf('latest')}`,
  );
});

it('sends the one layer that an edit has changed', async () => {
  const before = await layersOf('latest');
  clone.write(`${ROOT}/main.py`, `print("${randomUUID()}")\n`);
  proxy.reset();
  expect(await nx(clone, 'push', NAME)).toMatch(/built, [\s\S]*pushed · tags set: latest/);
  const fresh = (await layersOf('latest')).filter((digest) => !before.includes(digest));
  expect([fresh.length, proxy.uploaded() > 0, proxy.uploaded() < 30_000]).toEqual([1, true, true]);
});

it('makes another image of the same sources without the layer cache, and the one that was pushed counts', async () => {
  const [pushed, before] = [await digestOf('latest'), record(clone)];
  await nx(clone, 'docker-build', NAME, '--no-cache', '--skip-nx-cache');
  expect([record(clone).contentKey, record(clone).imageId === before.imageId]).toEqual([
    before.contentKey,
    false,
  ]);
  // What the base stage removes carries the time of its removal: its layer is the first one above the base image.
  const base = await engine.docker('image', 'inspect', '--format={{len .RootFS.Layers}}', BASE);
  const differing = record(clone).layers.flatMap((layer, i) => (layer === before.layers[i] ? [] : [i]));
  expect(differing).toEqual([Number(base)]);
  proxy.reset();
  expect(await nx(clone, 'push', NAME, '--tag=v2', '--skip-nx-cache')).toContain(
    'unchanged: the registry had the image · tags set: v2',
  );
  expect([await digestOf('v2'), proxy.uploaded()]).toEqual([pushed, 0]);
});

it.each<[string, object, string]>([
  ['several platforms', { platforms: ['linux/amd64', 'linux/386'] }, 'PLATFORM_UNSUPPORTED: This engine'],
  ['attestations', { attest: { provenance: 'max' } }, 'ATTEST_UNSUPPORTED: This engine cannot hold'],
])('refuses %s before it builds, with a way out', async (_, more, message) => {
  for (const [name, text] of Object.entries(settings(more))) clone.write(`${ROOT}/${name}`, text);
  const { exitCode, output } = await tryNx(clone, 'docker-build', NAME);
  expect(output).toContain(message);
  expect(output).toContain('Switch its containerd image store on');
  expect([exitCode === 0, output.includes('load build definition')]).toEqual([false, false]);
});

it('says that it cannot write a layer cache, and builds', async () => {
  for (const [name, text] of Object.entries(settings({ cache: { to: '{registry}/{image}:cache' } })))
    clone.write(`${ROOT}/${name}`, text);
  clone.write(`${ROOT}/main.py`, `print("${randomUUID()}")\n`);
  const output = await nx(clone, 'docker-build', NAME);
  expect(output).toContain('The layer cache is read but not written');
  expect(output).toContain('· built,');
  expect(await digestOf('cache')).toBeUndefined();
});
