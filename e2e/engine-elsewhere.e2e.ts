import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEWEST } from '../tools/workspace/nx-versions';
import { attempt, type CommandResult } from '../tools/shell';
import { docker, removeImages } from './harness/docker';
import { forwardTcp, type TcpForwarder } from './harness/forward-tcp';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-elsewhere';
const BASE = 'python:3.13-slim-trixie';

/** Nx runs in a container, as jobs of CI do, so that the loopback interface of the engine's machine is another one. */
describe('an engine elsewhere', () => {
  let workspace: Workspace;
  /** To the engine's socket, as the engine in the service of a CI job listens. */
  let engine: TcpForwarder;
  let address = '';

  beforeAll(async () => {
    await removeImages(NAME);
    engine = await forwardTcp({ path: '/var/run/docker.sock' });
    const gateway = await docker(
      ...['network', 'inspect', 'bridge', '--format={{range .IPAM.Config}}{{.Gateway}} {{end}}'],
    );
    address = `tcp://${gateway.split(' ')[0]}:${engine.port}`;
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', NAME);
    await workspace.commit('example');
    await workspace.nx('docker-build', NAME);
  });

  afterAll(async () => {
    engine.stop();
    workspace.remove();
    await removeImages(NAME);
  });

  /** `nx smoke-test` in a container that sees the files of this machine, and nothing of its network. */
  function testInContainer(DOCKER_HOST: string): Promise<CommandResult> {
    const { PATH, HOME } = process.env;
    const variables = Object.entries({ PATH, HOME, DOCKER_HOST, NX_DAEMON: 'false' });
    const nx = [process.execPath, 'node_modules/nx/dist/bin/nx.js', 'smoke-test', NAME, '--skip-nx-cache'];
    return attempt('docker', [
      ...['run', '--rm', '--privileged', '--label=docker-python.test=1', '--volume=/:/host'],
      ...variables.map(([name, value = '']) => `--env=${name}=${value}`),
      ...[BASE, 'chroot', '/host', 'sh', '-c', 'cd "$0" && exec "$@"', workspace.root, ...nx],
    ]);
  }

  it('is one whose published port a smoke test reaches where the engine is named by its address', async () => {
    const { output, ok } = await testInContainer(address);
    expect(output).toMatch(/answers 200/);
    expect(ok).toBe(true);
  });

  it('is asked within by a smoke test that has nothing but the socket', async () => {
    const { output, ok } = await testInContainer('unix:///var/run/docker.sock');
    expect(output).toMatch(/answers 200/);
    expect(ok).toBe(true);
  });

  it('runs images for development, and it is said who else can reach it', async () => {
    const nx = [join(workspace.root, 'node_modules/nx/dist/bin/nx.js'), 'docker-run', NAME];
    const env = { ...process.env, DOCKER_HOST: address, NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true' };
    const child = spawn(process.execPath, nx, { cwd: workspace.root, env, detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      for (let tries = 0; tries < 600 && !output.includes(': ready on'); tries++) await sleep(200);
    } finally {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
      await ended;
    }
    const host = new URL(address).hostname.replaceAll('.', '\\.');
    expect(output).toMatch(new RegExp(`published on all interfaces there: ${host}:\\d+`));
    expect(output).toMatch(new RegExp(`ready on http://${host}:\\d+`));
  });

  it('fails as everywhere for what listens on the loopback interface alone', async () => {
    const command = ['python', '-m', 'http.server', '--bind', '127.0.0.1', '8000'];
    workspace.write(
      `apps/${NAME}/docker-python.json`,
      JSON.stringify({ version: 1, command, port: 8000, smokeTest: { timeout: '15s' } }),
    );
    await workspace.nx('sync');
    await workspace.nx('docker-build', NAME);
    for (const host of [address, 'unix:///var/run/docker.sock']) {
      const { output, ok } = await testInContainer(host);
      expect(output).toContain('listens on 127.0.0.1');
      expect(ok).toBe(false);
    }
  });
});
