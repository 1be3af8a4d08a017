import { randomUUID } from 'node:crypto';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { recordRow } from '../tools/checklist/results';
import { NEWEST } from '../tools/workspace/nx-versions';
import { stepsThatRan } from './harness/build-checks';
import { docker, manifestOf, outputOf, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

const LOCK = 'docker-python.lock.json';
const SERVICE = 'e2e-refresh';
const OTHER = 'e2e-refresh-other';

/** Of Python's bytecode, dependencies, application, processes, and the empty one of the working directory. */
const OWN_LAYERS = 5;

/** In every base: an engine that knows this one from an earlier run would have the steps above it as well. */
const RUN = randomUUID();

/** Prints the file by which versions of the base differ. */
const MAIN = 'print(open("/etc/base-version").read())\n';

describe('a base image that moves on in its registry', () => {
  let workspace: Workspace;
  let registry: RunningRegistry;
  let base: string;

  /** Pushes another image under the tag that settings name, and leaves no copy in the engine. */
  async function publishBase(version: string): Promise<string> {
    workspace.write(
      '.base/Dockerfile',
      `FROM python:3.13-slim-trixie\nRUN echo ${version} > /etc/base-version && echo ${RUN} > /etc/base-run\n`,
    );
    await docker(
      'buildx',
      'build',
      '--quiet',
      '--provenance=false',
      '--tag',
      base,
      '--push',
      `${workspace.root}/.base`,
    );
    const described = await docker('buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', base);
    await removeImages(base);
    return (JSON.parse(described) as { digest: string }).digest;
  }

  const layers = async (): Promise<readonly string[]> =>
    JSON.parse(await docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', SERVICE)) as string[];
  const label = (name: string): Promise<string> =>
    docker(
      'image',
      'inspect',
      '--format',
      `{{index .Config.Labels "org.opencontainers.image.base.${name}"}}`,
      SERVICE,
    );

  beforeAll(async () => {
    registry = await startRegistry();
    base = `${registry.host}/python:3.13-slim-trixie`;
    const project = (name: string, settings: object): Record<string, string> => ({
      [`apps/${name}/project.json`]: JSON.stringify({ name }),
      [`apps/${name}/main.py`]: MAIN,
      [`apps/${name}/requirements.txt`]: `six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n`,
      [`apps/${name}/docker-python.json`]: JSON.stringify({
        version: 1,
        python: '3.13',
        command: 'python main.py',
        ...settings,
      }),
    });
    workspace = await createWorkspace(NEWEST, {
      ...project(SERVICE, { base }),
      ...project(OTHER, { command: 'python -V' }),
      '.dockerignore': '.base\n',
    });
    await workspace.nx('sync');
    await publishBase('one');
    await workspace.commit('dockerized');
  });

  afterAll(async () => {
    workspace.remove();
    await registry.stop();
    await removeImages(SERVICE, OTHER, base);
  });

  it('without a lock the base is its tag', () => {
    expect(workspace.exists(LOCK)).toBe(false);
    expect(workspace.read(`apps/${SERVICE}/Dockerfile`)).toContain(`FROM ${base} AS base\n`);
  });

  it('a refresh writes what registry and engine have, and every image says which one it was built from', async () => {
    const output = await workspace.nx('g', 'docker-python:refresh', '--day=2026-01-05');
    const { bases } = JSON.parse(workspace.read(LOCK)) as {
      bases: Record<string, { digest: string; packages: string }>;
    };
    expect(Object.keys(bases)).toEqual([base.replaceAll('.', ','), 'python:3,13-slim-trixie']);
    // The stand-in for the official image is in the engine alone where no registry can be reached.
    expect(output).toMatch(/python:3\.13-slim-trixie\n {4}sha256:[0-9a-f]{64}/);
    await workspace.nx('sync:check');
    await workspace.commit('a lock');
    await workspace.nx('run-many', '-t', 'docker-build');
    expect(await label('name')).toBe(base);
    const digest = await label('digest');
    const locked = bases[base.replaceAll('.', ',')]!.digest;
    const problem = digest === locked ? '' : `it has ${digest}`;
    recordRow({ row: 3, property: 'the base is named with its digest', image: SERVICE, problem });
    expect(digest).toBe(locked);
    expect(await outputOf(SERVICE)).toBe('one');
    expect(await outputOf(OTHER)).toMatch(/^Python 3\.13/);
  });

  it('another image under the same tag changes nothing until the next refresh', async () => {
    const digest = await publishBase('two');
    const pulled = await workspace.nx('docker-build', SERVICE, '--skip-nx-cache', '--pull');
    expect(pulled).toContain('· built,');
    expect(await outputOf(SERVICE)).toBe('one');
    const before = await layers();

    await workspace.nx('g', 'docker-python:refresh', '--day=2026-01-05');
    await workspace.commit('renewed');
    const output = await workspace.nx('run-many', '-t', 'docker-build', '--output-style=static');
    expect(await outputOf(SERVICE)).toBe('two');
    expect(await label('digest')).toBe(digest);
    // The layers of the base are new, and those of Python's bytecode, dependencies and code are not.
    const after = await layers();
    expect(after).not.toEqual(before);
    const own = [before, after].map((all) => all.slice(-OWN_LAYERS)) as [string[], string[]];
    const kept = own[1].filter((layer, i) => layer === own[0][i]).length;
    const problem = kept === OWN_LAYERS ? '' : `only ${kept} of ${OWN_LAYERS} layers stay`;
    recordRow({
      row: 21,
      property: 'a refresh of the base keeps the layers above it',
      image: SERVICE,
      problem,
    });
    expect(own[1]).toEqual(own[0]);
    // The entry of the other base did not change.
    expect(output).toMatch(
      new RegExp(`nx run ${OTHER}:docker-build +\\[(local cache|existing outputs match the cache[^\\]]*)\\]`),
    );
  });

  it('another day installs the packages of the system anew; where there are no newer ones the image is the same', async () => {
    const before = await manifestOf(SERVICE);
    await workspace.nx('g', 'docker-python:refresh', '--day=2026-01-12');
    const output = await workspace.nx('docker-build', SERVICE);
    expect(workspace.read(`apps/${SERVICE}/Dockerfile`)).toContain('as of 2026-01-12.');
    expect(stepsThatRan(output, 'base')).not.toEqual([]);
    expect((await manifestOf(SERVICE)).layers).toEqual(before.layers);
    expect(output).toContain('no layer is new');
    await workspace.commit('renewed again');
  });

  it('a Dockerfile that somebody edited is renewed as well', async () => {
    const dockerfile = `apps/${SERVICE}/Dockerfile`;
    workspace.write(dockerfile, workspace.read(dockerfile).replace(/^USER /m, 'LABEL mine="1"\nUSER '));
    expect(workspace.read(dockerfile)).toContain('LABEL mine');
    await workspace.commit('edited');
    const digest = await publishBase('three');
    await workspace.nx('g', 'docker-python:refresh', '--day=2026-01-19');
    expect(workspace.read(dockerfile)).toContain(`@${digest} AS base`);
    expect(workspace.read(dockerfile)).toContain('LABEL mine');
    await workspace.nx('sync:check');
  });

  it('a base that nobody has is an error, and nothing is written', async () => {
    const before = workspace.read(LOCK);
    workspace.write(
      `apps/${OTHER}/docker-python.json`,
      JSON.stringify({
        version: 1,
        command: 'python -V',
        base: `${registry.host}/nothing:1`,
        python: '3.13',
      }),
    );
    const { exitCode, output } = await workspace.tryNx('g', 'docker-python:refresh');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/BASE_UNRESOLVED: .*nothing:1: .*not found[\s\S]*What to do: /);
    expect(workspace.read(LOCK)).toBe(before);
  });
});
