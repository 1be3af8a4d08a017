import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEWEST } from '../tools/workspace/nx-versions';
import { get } from '../packages/docker-python/src/smoke/probe';
import { docker, removeImages } from './harness/docker';
import { IMAGE_CHECKS, subject, type Subject } from './harness/image-checks';
import { scoreTable, type Result } from '../tools/checklist/score';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-checklist';
const SPOILT = 'e2e-checklist-spoilt';
let workspace: Workspace;
const EXPECTED = { port: 8000, path: '/', body: 'Hello' };
const results: Result[] = [];
let good: Subject;

beforeAll(async () => {
  workspace = await createWorkspace(NEWEST);
  await workspace.nx('g', 'docker-python:example', NAME);
  const app = workspace.read(`apps/${NAME}/app.py`);
  const slow = '\n\n@app.get("/slow")\ndef slow():\n    import time\n    time.sleep(3)\n    return "done"\n';
  workspace.write(`apps/${NAME}/app.py`, app + slow);
  await workspace.commit('example');
  await workspace.nx('docker-build', NAME);
  good = subject(NAME, EXPECTED);
});

afterAll(async () => {
  workspace.remove();
  await removeImages(NAME, SPOILT);
  process.stdout.write(scoreTable(results));
});

/** The same image with one thing made worse. */
async function spoil(step: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-spoilt-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${NAME}\n${step}\n`);
    await docker('buildx', 'build', '--quiet', '--provenance=false', '--load', '--tag', SPOILT, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('IMAGE-CHECKLIST', () => {
  it.each(IMAGE_CHECKS.map((check) => [`${check.row}: ${check.property}`, check] as const))(
    '%s',
    async (_, { row, property, spoil: step, exempt, run }) => {
      expect(await exempt?.(good)).toBeUndefined();
      const problem = await run(good);
      results.push({ row, property, image: NAME, problem });
      expect(problem).toBe('');
      await spoil(step);
      expect(await run(subject(SPOILT, EXPECTED))).not.toBe('');
    },
  );
});

describe('gunicorn in the image', () => {
  const start = (...options: string[]): Promise<string> =>
    docker('run', '--detach', '--label=docker-python.test=1', '--publish=127.0.0.1::8000', ...options, NAME);
  const addressOf = async (id: string): Promise<string> =>
    (await docker('port', id, '8000/tcp')).split('\n')[0]!;
  const ask = async (address: string, path: string): Promise<string | undefined> =>
    (await get(`http://${address}${path}`, 5_000))?.body;
  const answering = async (address: string): Promise<void> => {
    for (let tries = 0; tries < 150 && (await ask(address, '/')) === undefined; tries++) await sleep(100);
  };

  it('33: finishes a request that is under way when it is stopped', async () => {
    const id = await start();
    try {
      const address = await addressOf(id);
      await answering(address);
      const slow = ask(address, '/slow');
      await sleep(500);
      await docker('stop', id);
      expect(await slow).toBe('done');
    } finally {
      await docker('rm', '--force', id);
    }
  });

  it('34, 35: keeps its heartbeat in memory, and answers beside slow requests', async () => {
    const id = await start('--env=WEB_CONCURRENCY=1');
    try {
      const address = await addressOf(id);
      await answering(address);
      expect(await docker('exec', id, 'sh', '-c', 'ls -l /proc/[0-9]*/fd 2>/dev/null')).toContain(
        '/dev/shm/wgunicorn',
      );
      const slow = [ask(address, '/slow'), ask(address, '/slow')];
      await sleep(300);
      const began = performance.now();
      expect(await ask(address, '/')).toContain('Hello');
      expect(performance.now() - began).toBeLessThan(2_000);
      await Promise.all(slow);
    } finally {
      await docker('rm', '--force', id);
    }
  });

  const workersUnder = async (...options: string[]): Promise<number> =>
    Number(
      await docker(
        'run',
        '--rm',
        ...options,
        '--entrypoint=python',
        NAME,
        '-c',
        'import runpy; print(runpy.run_path("docker/gunicorn.conf.py")["workers"])',
      ),
    );

  it('36: has as many workers as CPU and memory allow, or as WEB_CONCURRENCY says', async () => {
    expect(await workersUnder('--cpus=1', '--memory=1g')).toBe(2);
    expect(await workersUnder('--cpus=1.5', '--memory=2g')).toBe(4);
    expect(await workersUnder('--cpus=2', '--memory=400m')).toBe(2);
    expect(await workersUnder('--cpus=2', '--memory=64m')).toBe(1);
    expect(await workersUnder('--env=WEB_CONCURRENCY=7')).toBe(7);
  });

  it.each([
    ['v2', { 'cpu.max': '150000 100000', 'memory.max': '2147483648' }, 4],
    ['v2 without limits', { 'cpu.max': 'max 100000', 'memory.max': 'max' }, undefined],
    ['v2, little memory', { 'cpu.max': '400000 100000', 'memory.max': '419430400' }, 2],
    [
      'v1',
      {
        'cpu/cpu.cfs_quota_us': '100000',
        'cpu/cpu.cfs_period_us': '100000',
        'memory/memory.limit_in_bytes': '1073741824',
      },
      2,
    ],
    [
      'v1 without limits',
      {
        'cpu/cpu.cfs_quota_us': '-1',
        'cpu/cpu.cfs_period_us': '100000',
        'memory/memory.limit_in_bytes': '9223372036854771712',
      },
      undefined,
    ],
  ])('36: reads the limits of cgroup %s', async (_, files, workers) => {
    const script = [
      'import runpy, pathlib, json, sys, os',
      'root = pathlib.Path("/tmp/cgroup")',
      'for name, text in json.loads(sys.argv[1]).items():',
      '    (root / name).parent.mkdir(parents=True, exist_ok=True); (root / name).write_text(text + "\\n")',
      'print(runpy.run_path("docker/gunicorn.conf.py")["worker_count"](root), min(2 * len(os.sched_getaffinity(0)), 4))',
    ].join('\n');
    const [counted, unlimited] = (
      await docker('run', '--rm', '--entrypoint=python', NAME, '-c', script, JSON.stringify(files))
    ).split(' ');
    expect(counted).toBe(workers === undefined ? unlimited : String(workers));
  });
});
