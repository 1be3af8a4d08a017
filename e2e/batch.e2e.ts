import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { NX_VERSIONS } from '../tools/workspace/nx-versions';
import { attempt } from '../tools/shell';
import { outputOf, removeImages } from './harness/docker';
import { pythonJob } from './harness/python-job';
import { saidOf } from './harness/said-of';
import { createWorkspace, type Workspace } from './harness/workspace';

const job = (name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  pythonJob(`e2e-batch-${name}`, { 'main.py': `print("${name}")\n`, ...more }, `jobs/${name}`);

const library = (name: string, more: string): string =>
  `[project]\nname = "${name}"\nversion = "1.0"\n${more}\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`;

/** Two that work, and three that each fail for a reason of their own. */
const FILES = {
  ...job('one'),
  // What it prints comes from a variable of its project.
  ...job('two', {
    '.env': 'BATCH_FLAVOUR=two\n',
    'docker-python.json':
      '{ "version": 1, "command": ["python", "main.py"], "buildEnv": { "FLAVOUR": { "env": "BATCH_FLAVOUR" } } }\n',
    'docker/build-code.sh': 'echo "$FLAVOUR" > flavour.txt\n',
    'main.py': 'print(open("flavour.txt").read().strip())\n',
  }),
  ...job('hook', { 'docker/build-code.sh': 'echo "the reason" >&2\nexit 3\n' }),
  ...job('broken', { 'requirements.txt': '-e ../../libs/broken\n' }),
  // The list is complete, by its own word, and lacks what the library needs.
  ...job('lacking', {
    'requirements.txt':
      'six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n-e ../../libs/lacking\n',
  }),
  'libs/broken/pyproject.toml': library('acme-broken', ''),
  'libs/lacking/pyproject.toml': library('acme-lacking', 'dependencies = ["iniconfig>=2"]\n'),
  'libs/lacking/acme_lacking/__init__.py': '',
};

const IMAGES = ['one', 'two', 'hook', 'broken', 'lacking'].map((name) => `e2e-batch-${name}`);

describe.each(NX_VERSIONS)('many images in one process on Nx $nx', (version) => {
  let workspace: Workspace;
  let output: string;

  beforeAll(async () => {
    await removeImages(...IMAGES);
    workspace = await createWorkspace(version, FILES);
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    const argv = ['run-many', '-t', 'docker-build', '--batch', '--outputStyle=static'];
    output = await workspace.failsNx(...argv);
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(...IMAGES);
  });

  const of = (name: string): string => saidOf(`e2e-batch-${name}`, output);

  it('are all built but for those that fail, which stop none of the others', async () => {
    expect(output).toContain('Running 5 tasks');
    for (const name of ['one', 'two']) {
      expect(of(name)).toMatch(new RegExp(`^e2e-batch-${name}: .* built`, 'm'));
      expect(await outputOf(`e2e-batch-${name}`)).toBe(name);
    }
    for (const name of ['hook', 'broken', 'lacking'])
      expect(workspace.exists(`dist/docker-python/jobs/${name}/image.runtime.json`)).toBe(false);
  });

  it('have an output each, in which the reason stands', () => {
    expect(of('hook')).toMatch(/the reason[\s\S]*BUILD_FAILED/);
    expect(of('one')).not.toContain('the reason');
    expect(of('broken')).toContain('BUILD_FAILED: The wheel of the library libs/broken could not be built.');
    expect(of('lacking')).toContain(
      'BUILD_FAILED: acme-lacking requires iniconfig>=2, and the image has none of it.',
    );
  });

  it('are cache hits one by one', async () => {
    const again = await workspace.failsNx(
      'run-many',
      '-t',
      'docker-build',
      '--batch',
      '--outputStyle=static',
    );
    for (const name of ['one', 'two'])
      expect(again).toMatch(new RegExp(`e2e-batch-${name}:docker-build +\\[(existing outputs|local cache)`));
  });

  it('are tested together, each with its own words', async () => {
    const argv = ['run-many', '-t', 'smoke-test', '--batch', '-p', 'e2e-batch-one,e2e-batch-two'];
    const tested = await workspace.nx(...argv, '--outputStyle=static');
    for (const name of ['one', 'two']) {
      expect(saidOf(`e2e-batch-${name}`, tested, 'smoke-test')).toMatch(
        new RegExp(`^e2e-batch-${name}: main passed its smoke test`, 'm'),
      );
      expect(workspace.exists(`dist/docker-python/jobs/${name}/smoke-test.json`)).toBe(true);
    }
  });

  it('end with the process that was told to end', async () => {
    for (const name of ['one', 'two'])
      workspace.write(`jobs/${name}/docker/build-code.sh`, `sleep 3456${name === 'one' ? 1 : 2}\n`);
    await workspace.nx('sync');
    const nx = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
    const argv = [nx, 'run-many', '-t', 'docker-build', '--batch', '-p', 'e2e-batch-one,e2e-batch-two'];
    const child = spawn(process.execPath, argv, {
      cwd: workspace.root,
      stdio: 'ignore',
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true' },
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    /** Steps of the two builds, and clients that wait for them. */
    const left = async (): Promise<{ readonly steps: number; readonly clients: readonly string[] }> => {
      const lines = (await attempt('ps', ['-eo', 'args'])).output.split('\n');
      return {
        steps: lines.filter((line) => /^sleep 3456[12]$/.test(line)).length,
        clients: lines.filter((line) => line.includes('buildx build') && line.includes(workspace.root)),
      };
    };
    for (let tries = 0; tries < 900 && (await left()).steps < 2; tries++) await sleep(200);
    // Whatever is built after this is not to wait.
    for (const name of ['one', 'two']) workspace.write(`jobs/${name}/docker/build-code.sh`, 'true\n');
    expect((await left()).steps).toBe(2);
    child.kill('SIGINT');
    await ended;
    const NOTHING = { steps: 0, clients: [] };
    for (let tries = 0; tries < 300 && !isDeepStrictEqual(await left(), NOTHING); tries++) await sleep(200);
    expect(await left()).toEqual(NOTHING);
  });
});
