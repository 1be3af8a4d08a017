import { setTimeout as sleep } from 'node:timers/promises';
import { NEWEST } from '../tools/workspace/nx-versions';
import { attempt } from '../tools/shell';
import { docker, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-workers';
const ROOT = `apps/${NAME}`;
/** Another one in each run: one that was killed may have left its own, with containers in it. */
const NETWORK = `e2e-workers-${process.pid}`;

const TASKS = `import time

from celery import Celery

app = Celery("tasks", broker="redis://redis:6379/1")


def job(name):
    print(f"begun: {name}", flush=True)
    time.sleep(15)
    print(f"finished: {name}", flush=True)


slow = app.task(job, name="slow")
`;

const ENQUEUE = `from redis import Redis
from rq import Queue
from tasks import job, slow

slow.delay("celery")
Queue(connection=Redis("redis")).enqueue(job, "rq")
`;

/** Workers with a real Redis, which is another process of the same image. */
describe('workers in containers', () => {
  let workspace: Workspace;
  const containers: string[] = [];

  const start = async (...words: string[]): Promise<string> => {
    const hardened = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--user=54321:0'];
    const options = ['--detach', '--label=docker-python.test=1', `--network=${NETWORK}`, ...hardened];
    const id = await docker('run', ...options, ...words);
    containers.push(id);
    return id;
  };
  const log = async (id: string): Promise<string> => (await attempt('docker', ['logs', id])).output;
  const health = (id: string) =>
    attempt('docker', ['exec', id, 'python', '-I', '-S', '/opt/docker-python/health.py']);

  /** Starts a Redis, and both workers with it, and waits until they are well. */
  async function startAll(): Promise<{ redis: string; workers: Record<'celery' | 'rq', string> }> {
    const redis = await start('--network-alias=redis', NAME, 'redis');
    await until('Redis is ready', async () => (await log(redis)).includes('Ready to accept connections'));
    const workers = { celery: await start(NAME), rq: await start(NAME, 'jobs') };
    for (const [name, id] of Object.entries(workers))
      await until(`${name} is healthy`, async () => (await health(id)).ok);
    return { redis, workers };
  }

  async function until(what: string, done: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 360; tries++) {
      if (await done()) return;
      await sleep(500);
    }
    throw new Error(`not within three minutes: ${what}`);
  }

  beforeAll(async () => {
    await removeImages(NAME);
    workspace = await createWorkspace(NEWEST, {
      [`${ROOT}/project.json`]: JSON.stringify({ name: NAME }),
      [`${ROOT}/tasks.py`]: TASKS,
      [`${ROOT}/requirements.txt`]: 'celery==5.5.3\nredis==5.2.1\nrq==2.6.0\n',
      [`${ROOT}/docker-python.json`]: JSON.stringify({
        version: 1,
        systemPackages: { runtime: ['redis-server'] },
        processes: {
          celery: ['celery', '--app', 'tasks', 'worker', '--concurrency', '1', '--loglevel', 'INFO'],
          named: ['python', '-m', 'celery', '--app', 'tasks', 'worker', '-c', '1', '--hostname=w1@%h'],
          jobs: ['rq', 'worker', '--url', 'redis://redis:6379'],
          redis: ['redis-server', '--protected-mode', 'no', '--dir', '/tmp'],
        },
      }),
    });
    await workspace.nx('g', 'docker-python:setup', NAME);
    await workspace.commit('set up');
    await workspace.nx('docker-build', NAME);
    await docker('network', 'create', '--label=docker-python.test=1', NETWORK);
  });

  afterEach(async () => {
    for (const id of containers.splice(0)) await attempt('docker', ['rm', '--force', '--volumes', id]);
  });

  afterAll(async () => {
    await attempt('docker', ['network', 'rm', NETWORK]);
    workspace.remove();
    await removeImages(NAME);
  });

  it('are healthy once their broker knows them, and finish what they have begun when they are stopped', async () => {
    const { workers } = await startAll();
    await docker('run', '--rm', `--network=${NETWORK}`, NAME, 'python', '-c', ENQUEUE);
    for (const [name, id] of Object.entries(workers)) {
      await until(`${name} has begun`, async () => (await log(id)).includes(`begun: ${name}`));
    }
    for (const [name, id] of Object.entries(workers))
      expect(await log(id)).not.toContain(`finished: ${name}`);
    await Promise.all(Object.values(workers).map((id) => docker('stop', '--time=30', id)));
    for (const [name, id] of Object.entries(workers)) {
      expect(await log(id)).toContain(`finished: ${name}`);
      expect(await docker('inspect', '--format={{.State.ExitCode}}', id)).toBe('0');
    }
  });

  it('are asked by the name that they were given', async () => {
    const redis = await start('--network-alias=redis', NAME, 'redis');
    const id = await start(NAME, 'named');
    await until('it is healthy', async () => (await health(id)).ok);
    expect(await log(id)).toContain(`w1@${await docker('exec', id, 'hostname')} v`);
    await docker('rm', '--force', redis);
    expect(await health(id)).toMatchObject({ ok: false });
  });

  it('are not healthy when the broker is gone, and say so', async () => {
    const { redis, workers } = await startAll();
    await docker('rm', '--force', redis);
    for (const id of Object.values(workers)) {
      const { ok, stdout } = await health(id);
      expect({ ok, stdout }).toMatchObject({ ok: false });
      expect(stdout).not.toBe('');
    }
  });
});
