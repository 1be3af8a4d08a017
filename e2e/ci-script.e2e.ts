import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { run } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { registryContent, type RegistryContent } from './harness/registry-content';
import { startRegistryProxy, type RegistryProxy } from './harness/registry-proxy';
import { cloneWorkspace, createWorkspace, NOWHERE, type Workspace } from './harness/workspace';

/** The generated steps with the real Nx, engine and registry: eight services, several clones, one registry. */

const SERVICES = 'abcdefgh'.split('').map((letter) => `e2e-ci-${letter}`);
const [A, B] = SERVICES as [string, string];
const STEPS = 'tools/ci/docker-python.sh';

function service(name: string): Record<string, string> {
  const files = {
    'project.json': JSON.stringify({ name }),
    'requirements.txt': '',
    '.python-version': '3.13\n',
    'main.py': `print("${name}")\n`,
    'docker-python.json': '{ "version": 1, "command": ["python", "main.py"] }\n',
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`jobs/${name}/${path}`, text]));
}

let folder: string;
let origin: string;
let registry: RunningRegistry;
let content: RegistryContent;
let proxy: RegistryProxy;
let first: Workspace;
const clones: Workspace[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docker-python-ci-'));
  origin = join(folder, 'origin.git');
  registry = await startRegistry();
  content = registryContent(registry.host);
  proxy = await startRegistryProxy(registry.host);
  const options = { defaults: { registry: `${proxy.host}/acme` } };
  first = await createWorkspace(NEWEST, {
    ...(Object.assign({}, ...SERVICES.map(service)) as Record<string, string>),
    'nx.json': JSON.stringify({
      defaultBase: 'main',
      analytics: false,
      plugins: [{ plugin: 'docker-python', options }],
    }),
  });
  clones.push(first);
  await first.nx('sync');
  await first.nx('g', 'docker-python:ci', '--provider=script');
  await first.commit('dockerized');
  await run('git', ['clone', '--quiet', '--bare', first.root, origin]);
  await first.run('git', ['remote', 'add', 'origin', `file://${origin}`]);
}, 300_000);

afterAll(async () => {
  for (const { remove } of clones) remove();
  rmSync(folder, { recursive: true, force: true });
  await pruned();
  await proxy.stop();
  await registry.stop();
});

const pruned = (): Promise<void> => removeImages(...SERVICES.map((name) => `${proxy.host}/acme/${name}`));

/** A new clone on another machine: no result of Nx, no image of these services. */
async function freshClone(branch = 'main'): Promise<Workspace> {
  await pruned();
  const workspace = await cloneWorkspace(first, origin);
  clones.push(workspace);
  await workspace.run('git', ['switch', '--quiet', branch]);
  return workspace;
}

async function steps(workspace: Workspace, ...argv: string[]): Promise<string> {
  const { exitCode, output } = await workspace.run('bash', [STEPS, ...argv], {
    ...NOWHERE,
    NX_DEFAULT_OUTPUT_STYLE: 'static',
  });
  if (exitCode !== 0) throw new Error(output);
  return output;
}

/** Commits a change on a branch and pushes that. */
async function pushed(workspace: Workspace, branch: string, path: string, text: string): Promise<void> {
  await workspace.run('git', ['switch', '--quiet', '--create', branch]);
  workspace.write(path, text);
  await workspace.commit(branch);
  await workspace.run('git', ['push', '--quiet', 'origin', branch]);
  await workspace.run('git', ['switch', '--quiet', 'main']);
}

const latest = async (): Promise<readonly (string | undefined)[]> =>
  Promise.all(SERVICES.map((name) => content.digestOf(`acme/${name}`, 'latest')));
const built = (output: string): number => output.match(/· built,/g)?.length ?? 0;

/** The second clone, in which a developer works on. */
let second: Workspace;

it('publishes everything the first time', async () => {
  const output = await steps(first, 'publish');
  expect(output.match(/tags set: latest/g)).toHaveLength(SERVICES.length);
  expect(built(output)).toBe(SERVICES.length);
  expect(await latest()).not.toContain(undefined);
});

it('builds and sends nothing on a second machine that knows the registry alone', async () => {
  second = await freshClone();
  const before = await latest();
  proxy.reset();
  const began = performance.now();
  const output = await steps(second, 'publish');
  process.stdout.write(`eight unchanged services: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  expect(output.match(/unchanged: the registry had the image · no tag had to move/g)).toHaveLength(
    SERVICES.length,
  );
  expect([built(output), proxy.uploaded()]).toEqual([0, 0]);
  expect(await docker('images', '--quiet', `${proxy.host}/acme/*`)).toBe('');
  expect(await latest()).toEqual(before);
});

it('after one edit builds one image, of which the new layers travel', async () => {
  const before = await latest();
  second.write(`jobs/${A}/main.py`, 'print("edited")\n');
  await second.commit('an edit');
  proxy.reset();
  const output = await steps(second, 'publish');
  process.stdout.write(`one edit: ${proxy.uploaded()} bytes sent\n`);
  expect(built(output)).toBe(1);
  expect(output.match(/tags set: latest/g)).toHaveLength(1);
  expect(proxy.uploaded()).toBeGreaterThan(0);
  expect(proxy.uploaded()).toBeLessThan(30_000);
  const after = await latest();
  expect(after[0]).not.toBe(before[0]);
  expect(after.slice(1)).toEqual(before.slice(1));
});

it('builds and tests what a change affects, and sends nothing', async () => {
  await pushed(first, 'change', `jobs/${B}/main.py`, 'print("changed")\n');
  const job = await freshClone('change');
  proxy.reset();
  const output = await steps(job, 'verify');
  expect(output).toMatch(new RegExp(`nx run ${B}:docker-build[\\s\\S]*nx run ${B}:smoke-test`));
  expect([built(output), proxy.uploaded()]).toEqual([1, 0]);
});

it('refuses a change whose managed files are out of sync, and mends it on the branch of a bot', async () => {
  const settings = '{ "version": 1, "command": ["python", "main.py"], "env": { "BUMPED": "1" } }\n';
  await pushed(first, 'renovate/x', `jobs/${B}/docker-python.json`, settings);
  const job = await freshClone('renovate/x');
  await expect(steps(job, 'verify')).rejects.toThrow(/Dockerfile is out of date/);
  await steps(job, 'mend');
  const writes = await freshClone('renovate/x');
  writes.write('mend.patch', job.read('mend.patch'));
  await steps(writes, 'mend-push');
  const mended = await run('git', ['-C', origin, 'show', `renovate/x:jobs/${B}/Dockerfile`]);
  expect(mended).toContain('BUMPED');
});

it('renews the base images, builds and tests with them, and puts that up for review', async () => {
  const before = await latest();
  const job = await freshClone();
  const output = await steps(job, 'renew', 'pull-request');
  expect(built(output)).toBe(SERVICES.length);
  expect(output).toContain('The renewal is on the branch docker-python/refresh');
  const files = await run('git', ['-C', origin, 'diff', '--name-only', 'main', 'docker-python/refresh']);
  expect(files.trim().split('\n')).toEqual([
    'docker-python.lock.json',
    ...SERVICES.map((name) => `jobs/${name}/Dockerfile`),
  ]);
  expect(await latest()).toEqual(before);
});
