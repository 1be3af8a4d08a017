import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { get } from '../packages/docker-python/src/smoke/probe';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-run';
const PORT = 18765;
/** For the target that another waits for: at 8000 the service of another file may answer. */
const ASKED_PORT = 18766;

describe('docker-run', () => {
  let workspace: Workspace;
  const left = (): Promise<string> =>
    docker('ps', '--all', '--quiet', `--filter=label=dev.docker-python.project=${NAME}`);
  const nx = (): string => join(workspace.root, 'node_modules/nx/dist/bin/nx.js');

  async function answer(): Promise<string> {
    for (let tries = 0; tries < 240; tries++) {
      const found = (await get(`http://127.0.0.1:${PORT}/`, 2_000))?.body;
      if (found !== undefined) return found;
      await sleep(250);
    }
    return '';
  }

  beforeAll(async () => {
    await removeImages(NAME);
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', NAME);
    // Asks once: it was told that the service is ready.
    workspace.write(
      `apps/${NAME}/ask.mjs`,
      `const answer = await fetch('http://127.0.0.1:${ASKED_PORT}/');\nconsole.log('asked:', await answer.text());\n`,
    );
    workspace.write(
      `apps/${NAME}/project.json`,
      JSON.stringify({
        name: NAME,
        targets: {
          'docker-run': { options: { port: ASKED_PORT } },
          ask: {
            command: `node apps/${NAME}/ask.mjs`,
            dependsOn: [{ target: 'docker-run', waitFor: 'ready' }],
          },
        },
      }),
    );
    workspace.write(
      `apps/${NAME}/docker-python.json`,
      JSON.stringify({
        version: 1,
        processes: {
          web: 'gunicorn -b 0.0.0.0:$PORT app:app',
          once: ['python', '-c', 'print("once, by itself")'],
        },
      }),
    );
    await workspace.nx('sync');
    await workspace.commit('example');
    await workspace.nx('docker-build', NAME);
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(NAME);
  });

  it('publishes the port, shows the log, and leaves nothing behind when the container is stopped', async () => {
    const child = spawn(process.execPath, [nx(), 'docker-run', NAME, `--port=${PORT}`], {
      cwd: workspace.root,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    expect(await answer()).toContain('Hello');
    const wanted = [`${NAME}: ready on http://127.0.0.1:${PORT}`, 'Listening at: http://0.0.0.0:8000'];
    for (let tries = 0; tries < 240 && !wanted.every((line) => output.includes(line)); tries++)
      await sleep(250);
    for (const line of wanted) expect(output).toContain(line);
    await docker('stop', (await left()).split('\n')[0]!);
    await ended;
    expect(await left()).toBe('');
  });

  it('runs what a cache hit has brought no image for, and a process by its name', async () => {
    await removeImages(NAME);
    const output = await workspace.nx('docker-run', NAME, '--process=once', '--outputStyle=static');
    expect(output).toMatch(new RegExp(`${NAME}:docker-build +\\[(existing outputs|local cache)`));
    expect(output).toContain('once, by itself');
    expect(output).not.toContain('Listening at');
    expect(await docker('run', '--rm', NAME, 'once')).toBe('once, by itself');
    expect(await left()).toBe('');
  });

  it('lets other targets wait until it answers, and ends with them', async () => {
    const output = await workspace.nx('ask', NAME);
    expect(output).toContain('asked: Hello');
    for (let tries = 0; tries < 60 && (await left()) !== ''; tries++) await sleep(250);
    expect(await left()).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind after %s', async (signal) => {
    const child = spawn(process.execPath, [nx(), 'docker-run', NAME, `--port=${PORT}`], {
      cwd: workspace.root,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', CI: 'true' },
      detached: true,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    expect(await answer()).toContain('Hello');
    // As a terminal does it: the whole group gets the signal.
    process.kill(-child.pid!, signal);
    await ended;
    for (let tries = 0; tries < 60 && (await left()) !== ''; tries++) await sleep(250);
    expect(await left()).toBe('');
  });
});
