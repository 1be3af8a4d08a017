import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NX_VERSIONS } from '../tools/workspace/nx-versions';
import { attempt } from '../tools/shell';
import { outputOf, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

/** A job without dependencies. */
function job(name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const root = `jobs/${name}`;
  const files = {
    'project.json': JSON.stringify({ name: `e2e-batch-${name}` }),
    'requirements.txt': '',
    '.python-version': '3.13\n',
    'main.py': `print("${name}")\n`,
    'docker-python.json': '{ "version": 1, "command": ["python", "main.py"] }\n',
    ...more,
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
}

const library = (name: string, more: string): string =>
  `[project]\nname = "${name}"\nversion = "1.0"\n${more}\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`;

/** Two that work, and three that each fail for a reason of their own. */
const FILES = {
  ...job('one'),
  ...job('two'),
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
    const { exitCode, output: said } = await workspace.tryNx(...argv);
    expect(exitCode).not.toBe(0);
    output = said;
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(...IMAGES);
  });

  /** What was said of one project: from its heading to the next. */
  const of = (name: string): string =>
    output.split(/^> nx run /m).find((part) => part.startsWith(`e2e-batch-${name}:`)) ?? output;

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
    const again = await workspace.tryNx('run-many', '-t', 'docker-build', '--batch', '--outputStyle=static');
    for (const name of ['one', 'two'])
      expect(again.output).toMatch(
        new RegExp(`e2e-batch-${name}:docker-build +\\[(existing outputs|local cache)`),
      );
  });

  it('are tested together, each with its own words', async () => {
    const argv = ['run-many', '-t', 'smoke-test', '--batch', '-p', 'e2e-batch-one,e2e-batch-two'];
    const tested = await workspace.tryNx(...argv, '--outputStyle=static');
    for (const name of ['one', 'two']) {
      const own = tested.output
        .split(/^> nx run /m)
        .find((part) => part.startsWith(`e2e-batch-${name}:smoke-test`));
      expect(own).toMatch(new RegExp(`^e2e-batch-${name}: passed`, 'm'));
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
    const sleeping = async (): Promise<number> =>
      (await attempt('ps', ['-eo', 'args'])).output.match(/^sleep 3456[12]$/gm)?.length ?? 0;
    for (let tries = 0; tries < 300 && (await sleeping()) < 2; tries++) await sleep(200);
    expect(await sleeping()).toBe(2);
    child.kill('SIGINT');
    await ended;
    for (let tries = 0; tries < 100 && (await sleeping()) > 0; tries++) await sleep(200);
    expect(await sleeping()).toBe(0);
    const clients = (await attempt('ps', ['-eo', 'args'])).output.split('\n');
    expect(clients.filter((line) => line.includes('buildx build') && line.includes(workspace.root))).toEqual(
      [],
    );
  });
});
