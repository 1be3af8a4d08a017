import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCompose } from '../tools/compose/ensure-compose';
import { request } from '../tools/workspace/http';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

const API = 'e2e-compose-api';
const SHOP = 'e2e-compose-shop';
const PROJECT = 'e2e-compose';
const PORTS = { [API]: 18431, [SHOP]: 18432 } as const;

/** Serves what lies in the folder that both of its processes write. */
const APP = `import http.server
import os

os.chdir("media")
http.server.ThreadingHTTPServer(
    ("0.0.0.0", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler
).serve_forever()
`;
const WORKER = 'import time\nopen("media/made.txt", "w").write("made by the worker")\ntime.sleep(9999)\n';

/** The compose file that the generator writes, with its services really started. */
describe('compose', () => {
  let workspace: Workspace;
  const compose = (...argv: string[]) =>
    workspace.run('docker', ['compose', '--project-name', PROJECT, ...argv]);
  const inspect = (service: string, format: string): Promise<string> =>
    docker('inspect', `--format=${format}`, `${PROJECT}-${service}-1`);

  beforeAll(async () => {
    await removeImages(API, SHOP);
    await ensureCompose();
    const settings = (port: number, more: object): string =>
      JSON.stringify({ version: 1, port, writable: ['media'], ...more });
    const web = (port: number) => ({ command: ['python', 'app.py'], port });
    workspace = await createWorkspace(NEWEST, {
      [`apps/${API}/project.json`]: JSON.stringify({ name: API }),
      [`apps/${API}/app.py`]: APP,
      [`apps/${API}/work.py`]: WORKER,
      [`apps/${API}/requirements.txt`]: '',
      [`apps/${API}/.env`]: 'GREETING=hello\n',
      [`apps/${API}/docker-python.json`]: settings(PORTS[API], {
        processes: {
          web: web(PORTS[API]),
          worker: ['python', 'work.py'],
          migrate: ['python', '-c', 'print("migrated")'],
        },
      }),
      [`apps/${SHOP}/project.json`]: JSON.stringify({ name: SHOP, implicitDependencies: [API] }),
      [`apps/${SHOP}/app.py`]: APP,
      [`apps/${SHOP}/requirements.txt`]: '',
      [`apps/${SHOP}/docker-python.json`]: settings(PORTS[SHOP], { processes: { web: web(PORTS[SHOP]) } }),
    });
    for (const name of [API, SHOP]) await workspace.nx('g', 'docker-python:setup', name);
    await workspace.nx('g', 'docker-python:compose');
    await workspace.commit('set up');
    await workspace.nx('run-many', '-t', 'docker-build', '--outputStyle=static');
    // What a run that was killed has left would be shared as well.
    await compose('down', '--volumes', '--remove-orphans');
    const up = await compose('up', '--detach', '--wait', '--wait-timeout=120');
    if (up.exitCode !== 0) throw new Error(`${up.output}\n${(await compose('logs')).output}`);
  });

  afterAll(async () => {
    await compose('down', '--volumes', '--timeout=2');
    workspace.remove();
    await removeImages(API, SHOP);
  });

  it('starts all services, each once those are healthy that it needs', async () => {
    const { output } = await compose('ps', '--services');
    expect(output.trim().split('\n').sort()).toEqual([API, `${API}-worker`, SHOP]);
    for (const service of [API, SHOP])
      expect(await inspect(service, '{{.State.Health.Status}}')).toBe('healthy');
    const healthy = await inspect(API, '{{(index .State.Health.Log 0).End}}');
    const started = await inspect(SHOP, '{{.State.StartedAt}}');
    const time = (text: string): number =>
      Date.parse(text.replace(' ', 'T').replace(/(\.\d{3})\d*.*$/, '$1Z'));
    expect(time(started)).toBeGreaterThanOrEqual(time(healthy));
  });

  it('publishes ports, and shares what one project writes among its processes', async () => {
    const made = (): Promise<string> =>
      request(`http://127.0.0.1:${PORTS[API]}/made.txt`).then(({ body }) => body);
    for (let tries = 0; tries < 100 && !(await made()).includes('worker'); tries++) await sleep(200);
    expect(await made()).toBe('made by the worker');
    expect((await request(`http://127.0.0.1:${PORTS[SHOP]}/`)).status).toBe(200);
    expect((await request(`http://127.0.0.1:${PORTS[SHOP]}/made.txt`)).status).toBe(404);
  });

  it('runs them hardened, with the .env of the project', async () => {
    const write = await compose('exec', '-T', API, 'sh', '-c', 'touch app.py; touch /var/tmp/x');
    expect(write.output).toMatch(/app\.py.*Permission denied[\s\S]*\/var\/tmp\/x.*Read-only/);
    const status = await compose('exec', '-T', API, 'sh', '-c', 'echo $GREETING; cat /proc/1/status');
    expect(status.output).toMatch(/^hello$/m);
    expect(status.output).toMatch(/^CapBnd:\s+0+$/m);
    expect(status.output).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  it('keeps what runs once for "docker compose run"', async () => {
    expect((await compose('run', '--rm', '-T', API, 'migrate')).output).toMatch(/^migrated$/m);
  });
});
