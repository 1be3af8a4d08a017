import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { run } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { startNxCacheServer, type NxCacheServer } from './harness/nx-cache-server';
import { registryContent, type RegistryContent } from './harness/registry-content';
import { startRegistryProxy, type RegistryProxy } from './harness/registry-proxy';
import { startRemoteBuilder, type RemoteBuilder } from './harness/remote-builder';
import {
  cloneWorkspace,
  createWorkspace,
  NOWHERE,
  type CommandResult,
  type Workspace,
} from './harness/workspace';

/**
 * A builder that is not the engine's, and two agents of a team that share nothing but a registry and the results that
 * Nx keeps.
 */

const NAME = 'e2e-remote';
const REPOSITORY = `acme/${NAME}`;
const BASE = 'python:3.13-slim-trixie';

/** An agent: a clone with a daemon of its own. */
interface Agent {
  readonly workspace: Workspace;
  readonly tryNx: (...argv: readonly string[]) => Promise<CommandResult>;
  readonly nx: (...argv: readonly string[]) => Promise<string>;
}

let registry: RunningRegistry;
let content: RegistryContent;
let proxy: RegistryProxy;
let builder: RemoteBuilder;
let cache: NxCacheServer;
/** The one that builds, and one that knows of no builder. */
let builds: Agent;
let ships: Agent;
const agents: Agent[] = [];

function agent(workspace: Workspace, env: Readonly<Record<string, string>>): Agent {
  const tryNx: Agent['tryNx'] = (...argv) =>
    workspace.run(process.execPath, ['node_modules/nx/dist/bin/nx.js', ...argv, '--output-style=static'], {
      ...NOWHERE,
      ...cache.env,
      NX_DAEMON: 'true',
      ...env,
    });
  return {
    workspace,
    tryNx,
    async nx(...argv) {
      const { exitCode, output } = await tryNx(...argv);
      if (exitCode !== 0) throw new Error(`nx ${argv.join(' ')} failed:\n${output}`);
      return output;
    },
  };
}

const settings = (more: object = {}): string =>
  JSON.stringify({
    version: 1,
    command: ['python', 'main.py'],
    registry: `${proxy.host}/acme`,
    registryMirror: registry.host,
    builder: 'team',
    store: 'registry',
    cache: { from: ['{registry}/{image}:layers'], to: '{registry}/{image}:layers' },
    ...more,
  });

/** A builder that is elsewhere sees no image of the engine. */
async function giveToRegistry(image: string, name: string): Promise<void> {
  await docker('tag', image, name);
  await docker('push', '--quiet', name);
  await docker('rmi', name);
}

beforeAll(async () => {
  registry = await startRegistry();
  content = registryContent(registry.host);
  proxy = await startRegistryProxy(registry.host);
  builder = await startRemoteBuilder('team');
  cache = await startNxCacheServer();
  await giveToRegistry(BASE, `${registry.host}/library/${BASE}`);
  const workspace = await createWorkspace(NEWEST, {
    'jobs/one/project.json': JSON.stringify({ name: NAME }),
    'jobs/one/requirements.txt': 'six==1.17.0\n',
    'jobs/one/.python-version': '3.13\n',
    'jobs/one/main.py': 'import six\nprint("one", six.__version__)\n',
    'jobs/one/docker-python.json': settings(),
  });
  await workspace.nx('sync');
  await workspace.commit('dockerized');
  builds = agent(workspace, builder.env);
  ships = agent(await cloneWorkspace(workspace), {});
  agents.push(builds, ships);
});

afterAll(async () => {
  for (const { workspace, tryNx } of agents) {
    await tryNx('daemon', '--stop');
    workspace.remove();
  }
  await removeImages(`${proxy.host}/${REPOSITORY}`);
  await builder.stop();
  await cache.stop();
  await proxy.stop();
  await registry.stop();
});

beforeEach(() => builds.workspace.write('jobs/one/docker-python.json', settings()));

const edit = (text: string): void =>
  builds.workspace.write('jobs/one/main.py', `import six\nprint("${text}", six.__version__)\n`);
const keyTags = async (): Promise<readonly string[]> =>
  (await content.tagsOf(REPOSITORY)).filter((tag) => tag.startsWith('ck-'));
const inEngine = (): Promise<string> => docker('images', '--quiet', `${proxy.host}/${REPOSITORY}`);

/** Steps of a build that were run, and those whose layer was there, by the names of their stages. */
function stepsOf(output: string): {
  readonly ran: ReadonlySet<string>;
  readonly cached: ReadonlySet<string>;
} {
  const names = new Map(
    [...output.matchAll(/^#(\d+) \[([\w-]+) +\d+\/\d+\] RUN /gm)].map(([, id, stage]) => [id!, stage!]),
  );
  const cached = new Set([...output.matchAll(/^#(\d+) CACHED$/gm)].map(([, id]) => id!));
  const of = (wanted: boolean): ReadonlySet<string> =>
    new Set([...names].filter(([id]) => cached.has(id) === wanted).map(([, stage]) => stage));
  return { ran: of(false), cached: of(true) };
}

it('one agent builds, straight into the registry; the other tests and pushes what it has never seen', async () => {
  const built = await builds.nx('docker-build', NAME);
  expect(built).toContain('· built,');
  expect(await content.tagsOf(REPOSITORY)).toEqual([expect.stringMatching(/^ck-/), 'layers']);
  expect(await inEngine()).toBe('');
  const pushed = await ships.nx('push', NAME);
  expect(pushed).toMatch(/nx run e2e-remote:docker-build +\[remote cache\]/);
  expect(pushed).toMatch(/e2e-remote: .*passed/);
  expect(pushed).toContain('tags set: latest');
  const [key] = await keyTags();
  expect(await content.digestOf(REPOSITORY, 'latest')).toBe(await content.digestOf(REPOSITORY, key!));
  expect(await docker('run', '--rm', `${proxy.host}/${REPOSITORY}:latest`)).toBe('one 1.17.0');
});

it('a builder that has lost everything takes the layers of all stages from the registry', async () => {
  await builder.prune();
  edit('two');
  proxy.reset();
  const output = await builds.nx('docker-build', NAME);
  const { ran, cached } = stepsOf(output);
  for (const stage of ['installer', 'lock', 'dependencies', 'stdlib']) {
    expect([...cached]).toContain(stage);
    expect([...ran]).not.toContain(stage);
  }
  // The new code, and what describes the layers of the cache.
  expect(proxy.uploaded()).toBeLessThan(1_000_000);
});

it('without the right to write layers it builds all the same', async () => {
  const before = await content.digestOf(REPOSITORY, 'layers');
  edit('three');
  proxy.reset({ method: 'PUT', path: /\/manifests\/layers/, fault: { status: 403 }, times: 1000 });
  const keys = await keyTags();
  await builds.nx('docker-build', NAME);
  const refused = proxy.seen.filter(({ status }) => status === 403);
  proxy.reset();
  expect(refused.length).toBeGreaterThan(0);
  expect(await keyTags()).toHaveLength(keys.length + 1);
  expect(await content.digestOf(REPOSITORY, 'layers')).toBe(before);
});

it('without the right to write anything, as from a fork, it builds into the engine and tests there', async () => {
  edit('four');
  proxy.reset(
    ...['POST', 'PUT', 'PATCH'].map((method) => ({ method, path: /./, fault: { status: 403 }, times: 1000 })),
  );
  const before = await inEngine();
  const fork = agent(builds.workspace, { ...builder.env, DOCKER_PYTHON_STORE: 'engine' });
  const output = await fork.nx('smoke-test', NAME);
  proxy.reset();
  expect(output).toContain('· built,');
  expect(await inEngine()).not.toBe(before);
  expect(output).toMatch(/e2e-remote: \S+ passed its smoke test ·/);
  expect(await docker('run', '--rm', `${proxy.host}/${REPOSITORY}:latest`)).toBe('four 1.17.0');
});

/** The least that BuildKit takes for an SBOM. Source: BuildKit, "SBOM scanning protocol". */
const SCANNER = `FROM ${BASE}
COPY <<EOF /scan.py
import json, os
statement = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://spdx.dev/Document",
             "predicate": {"spdxVersion": "SPDX-2.3", "name": "e2e"}}
with open(os.environ["BUILDKIT_SCAN_DESTINATION"] + "/sbom.spdx.json", "w") as file:
    json.dump(statement, file)
EOF
ENTRYPOINT ["python", "/scan.py"]
`;

it('several platforms, their SBOMs and their provenance are one index in the registry', async () => {
  const scanner = `${registry.host}/tools/scanner:1`;
  builds.workspace.write('.nx/scanner/Dockerfile', SCANNER.replace(BASE, `${registry.host}/library/${BASE}`));
  await run(
    'docker',
    ['buildx', 'build', '--quiet', '--builder', 'team', '--push', '--tag', scanner, '.nx/scanner'],
    { env: builder.env, cwd: builds.workspace.root },
  );
  const more = {
    platforms: ['linux/amd64', 'linux/amd64/v2'],
    attest: { sbom: scanner, provenance: 'max' },
  };
  builds.workspace.write('jobs/one/docker-python.json', settings(more));
  const output = await builds.nx('push', NAME);
  expect(output).toContain('tags set: latest');
  const { manifests = [] } = await content.manifestOf(REPOSITORY, 'latest');
  const images = manifests.filter(({ platform }) => platform?.os === 'linux');
  expect(images.map(({ platform }) => platform?.variant ?? platform?.architecture)).toEqual(['amd64', 'v2']);
  const attestations = manifests.filter(({ platform }) => platform?.os === 'unknown');
  expect(attestations).toHaveLength(2);
  for (const { digest } of attestations) {
    const { layers = [] } = await content.manifestOf(REPOSITORY, digest);
    const kinds = layers.map(({ annotations }) => annotations?.['in-toto.io/predicate-type']);
    expect(kinds.sort()).toEqual(['https://slsa.dev/provenance/v0.2', 'https://spdx.dev/Document']);
  }
});

it.each<[string, object, string, RegExp]>([
  [
    'a platform',
    { platforms: ['linux/amd64', 'linux/arm64'] },
    'PLATFORM_UNSUPPORTED',
    /cannot build for linux\/arm64[\s\S]*qemu-user-static/,
  ],
  [
    'an SBOM',
    { attest: { sbom: true } },
    'ATTEST_UNSUPPORTED',
    /buildkit-syft-scanner[\s\S]*"attest": \{ "sbom": "/,
  ],
  ['a builder', { builder: 'nobody' }, 'BUILDER_MISSING', /docker buildx create --name nobody/],
])('%s that is not to be had is named before anything is built', async (_, more, code, words) => {
  builds.workspace.write('jobs/one/docker-python.json', settings(more));
  const tags = await content.tagsOf(REPOSITORY);
  const { exitCode, output } = await builds.tryNx('docker-build', NAME);
  expect(exitCode).not.toBe(0);
  expect(output).toContain(code);
  expect(output).toMatch(words);
  expect(stepsOf(output)).toEqual({ ran: new Set(), cached: new Set() });
  expect(await content.tagsOf(REPOSITORY)).toEqual(tags);
});
