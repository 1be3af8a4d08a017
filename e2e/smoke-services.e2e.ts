import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCompose } from '../tools/compose/ensure-compose';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-services';
const ROOT = `apps/${NAME}`;
const DATABASE = 'e2e-services-database';

/** Answers PING, as a database would; not at once. */
const DATABASE_PROGRAM = `import socketserver, time
time.sleep(1)
class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"PONG" if self.rfile.readline().strip() == b"PING" else b"?")
socketserver.ThreadingTCPServer(("", 5432), Answer).serve_forever()
`;

/** Asks the database before it serves anything. */
const APP = `import os, socket
from flask import Flask

host = os.environ.get("DATABASE_HOST", "127.0.0.1")
with socket.create_connection((host, 5432), timeout=5) as connection:
    connection.sendall(b"PING\\n")
    answer = connection.recv(10).decode()

app = Flask(__name__)


@app.get("/")
def hello():
    return f"the database says {answer}"
`;

const SERVICES = `services:
  database:
    image: ${DATABASE}
    healthcheck:
      test: ["CMD", "python", "-c", "import socket; socket.create_connection(('127.0.0.1', 5432), 1)"]
      interval: 1s
      retries: 30
`;

/** Everything that Compose has made for us: containers, networks. */
async function left(): Promise<readonly string[]> {
  const label = '--filter=label=com.docker.compose.project';
  const format = '--format={{.Label "com.docker.compose.project"}}';
  const found = [
    await docker('ps', '--all', label, format),
    await docker('network', 'ls', label, format),
    await docker('ps', '--all', `--filter=label=dev.docker-python.project=${NAME}`, '--format={{.ID}}'),
  ];
  return found
    .flatMap((output) => output.split('\n'))
    .filter((line) => /^docker-python-smoke|^[0-9a-f]{12}$/.test(line));
}

describe('a smoke test beside services', () => {
  let workspace: Workspace;
  const settings = (smokeTest: object): void =>
    workspace.write(`${ROOT}/docker-python.json`, JSON.stringify({ version: 1, smokeTest }));
  const beside = { compose: 'docker/smoke.compose.yml', env: { DATABASE_HOST: 'database' }, timeout: '60s' };

  beforeAll(async () => {
    await removeImages(NAME, DATABASE);
    await ensureCompose();
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', NAME);
    workspace.write(`${ROOT}/app.py`, APP);
    workspace.write(`${ROOT}/docker/smoke.compose.yml`, SERVICES);
    workspace.write('.nx/database/server.py', DATABASE_PROGRAM);
    workspace.write(
      '.nx/database/Dockerfile',
      'FROM python:3.13-slim-trixie\nCOPY server.py /\nCMD ["python", "/server.py"]\n',
    );
    const folder = join(workspace.root, '.nx/database');
    await docker('buildx', 'build', '--quiet', '--load', '--tag', DATABASE, folder);
    await workspace.commit('a service that needs a database');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(NAME, DATABASE);
  });

  it('fails for want of the service without them', async () => {
    settings({ timeout: '30s' });
    expect(await workspace.failsNx('smoke-test', NAME)).toContain('SMOKE_NEEDS_SERVICE');
  });

  it('passes with them, and leaves none of them behind', async () => {
    settings({ ...beside, body: 'the database says PONG' });
    const { output, exitCode } = await workspace.tryNx('smoke-test', NAME);
    expect({ output, exitCode }).toMatchObject({ exitCode: 0 });
    expect(output).toContain('beside its services');
    expect(await left()).toEqual([]);
  });

  it('says which service does not come up, and leaves none of them behind', async () => {
    workspace.write(
      `${ROOT}/docker/broken.compose.yml`,
      `${SERVICES}    command: ["python", "-c", "raise SystemExit(3)"]\n`,
    );
    settings({ ...beside, compose: 'docker/broken.compose.yml' });
    const { output, exitCode } = await workspace.tryNx('smoke-test', NAME);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('COMPOSE_FAILED');
    expect(output).toMatch(/database.*(exited|unhealthy)/);
    expect(await left()).toEqual([]);
  });

  it('removes what a run that was killed has left, at the next run', async () => {
    settings({ ...beside, path: '/never', status: 299, timeout: '300s' });
    workspace.write(`${ROOT}/app.py`, `${APP}\nimport time\ntime.sleep(999)\n`);
    await workspace.nx('sync');
    await workspace.nx('docker-build', NAME);
    const nx = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
    const killed = spawn(process.execPath, [nx, 'smoke-test', NAME], {
      cwd: workspace.root,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', CI: 'true' },
      detached: true,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => killed.once('close', resolve));
    // The services are up, and the application beside them.
    for (let tries = 0; tries < 240 && (await left()).length < 3; tries++) await sleep(500);
    // Before: what nobody owns any more, a smoke test of another file may take down at once.
    expect((await left()).length).toBeGreaterThanOrEqual(3);
    process.kill(-killed.pid!, 'SIGKILL');
    await ended;
    workspace.write(`${ROOT}/app.py`, APP);
    settings({ ...beside, body: 'the database says PONG' });
    const { output, exitCode } = await workspace.tryNx('smoke-test', NAME);
    expect({ output, exitCode }).toMatchObject({ exitCode: 0 });
    expect(await left()).toEqual([]);
  });
});
