import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEWEST } from '../tools/workspace/nx-versions';
import { hostCaBundle } from '../tools/uv/lock';
import { largeContext, stepsThatRan } from './harness/build-checks';
import { baseOfItsOwn, docker, removeImages, startContainer, untilLogged } from './harness/docker';
import { IMAGE_CHECKS, subject, type Subject } from './harness/image-checks';
import { recordRow } from '../tools/checklist/results';
import { scoreTable, type Result } from '../tools/checklist/score';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-checklist';
const SPOILT = 'e2e-checklist-spoilt';
let workspace: Workspace;
/** An answer that takes as many seconds as asked for. It is under way once that is in the log. */
const SLOW = `

@app.get("/slow/<int:seconds>")
def slow(seconds):
    import sys, time
    print(f"takes {seconds} s", file=sys.stderr, flush=True)
    time.sleep(seconds)
    return "done"
`;
const EXPECTED = { port: 8000, path: '/', body: 'Hello', development: ['pytest'] };
const results: Result[] = [];

/** Writes down what came of a row for the good image, and demands that it holds; what spoils it has to be noticed. */
function judge(row: number, property: string, problem: string, spoilt: string): void {
  write({ row, property, image: NAME, problem });
  expect(problem).toBe('');
  expect(spoilt).not.toBe('');
}

function write(result: Result): void {
  results.push(result);
  recordRow(result);
}

let good: Subject;
let base: string;

beforeAll(async () => {
  await removeImages(NAME, SPOILT);
  const own = await baseOfItsOwn(NAME);
  base = own.base;
  workspace = await createWorkspace(NEWEST, { 'nx.json': own.nxJson });
  await workspace.nx('g', 'docker-python:example', NAME);
  const app = workspace.read(`apps/${NAME}/app.py`);
  workspace.write(`apps/${NAME}/app.py`, app + SLOW);
  await workspace.commit('example');
  await workspace.nx('docker-build', NAME);
  good = subject(NAME, EXPECTED);
});

afterAll(async () => {
  workspace.remove();
  await removeImages(NAME, SPOILT, base);
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
      write({ row, property, image: NAME, problem });
      expect(problem).toBe('');
      await spoil(step);
      expect(await run(subject(SPOILT, EXPECTED))).not.toBe('');
    },
  );
});

describe('builds', () => {
  /** A Dockerfile of one's own, from the root of the workspace, with the certificates that build steps get. */
  async function build(dockerfile: string, ...options: string[]): Promise<string> {
    workspace.write('own/Dockerfile', dockerfile);
    const bundle = hostCaBundle();
    const trust = bundle === undefined ? [] : [`--secret=id=ca,src=${bundle}`];
    const argv = ['buildx', 'build', '--progress=plain', '--provenance=false', ...trust, ...options];
    const { exitCode, output } = await workspace.run('docker', [...argv, '--file=own/Dockerfile', '.']);
    if (exitCode !== 0) throw new Error(output);
    return output;
  }

  it('8: send nothing that nobody has asked for', async () => {
    // Where a step of the Dockerfile looks: BuildKit asks for no other path anyway.
    workspace.write(`apps/${NAME}/dist/big.bin`, 'x'.repeat(8_000_000));
    const dockerfile = workspace.read(`apps/${NAME}/Dockerfile`);
    const ignore = workspace.read(`apps/${NAME}/Dockerfile.dockerignore`);
    workspace.write('own/Dockerfile.dockerignore', ignore);
    const application = ['--target=application', '--no-cache-filter=application'];
    const good = await build(dockerfile, ...application);
    workspace.write('own/Dockerfile.dockerignore', '');
    const all = await build(dockerfile, ...application);
    judge(8, 'nothing outside of the selection is sent', largeContext(good), largeContext(all));
    await workspace.run('rm', [`apps/${NAME}/dist/big.bin`, 'own/Dockerfile.dockerignore']);
  });

  it('18: keep the cache where the installer writes it, and nothing of it in a layer', async () => {
    const CACHE = 'docker-python-e2e-row-18';
    const at = (target: string): string => `--mount=type=cache,id=${CACHE},target=${target}`;
    const dockerfile = workspace.read(`apps/${NAME}/Dockerfile`);
    const uv = /--mount=type=cache,id=uv,target=\S+/g;
    expect(dockerfile).toMatch(uv);
    /** What an installation leaves in a cache that is empty before. */
    const left = async (target: string | undefined): Promise<string> => {
      // Without the cache of layers BuildKit empties the mounts as well.
      await build(`FROM ${NAME}\nRUN ${at('/cache')} true\n`, '--no-cache');
      const changed = dockerfile.replace(uv, (mount) =>
        target === undefined ? mount.replace('id=uv', `id=${CACHE}`) : at(target),
      );
      await build(changed, '--target=dependencies', '--no-cache-filter=dependencies');
      const look = `echo "files: $(find /cache -type f | wc -l)" "${performance.now()}"`;
      const said = await build(`FROM ${NAME}\nUSER 0\nRUN ${at('/cache')} ${look}\n`);
      return /files: [1-9]/.test(said) ? '' : 'the installer writes nothing there';
    };
    const [good, spoilt] = [await left(undefined), await left('/somewhere/else')];
    judge(18, 'the installer writes into the cache mount', good, spoilt);
  });

  it('25: give one digest without the cache', async () => {
    const twice = async (step: string): Promise<string> => {
      const digest = async (): Promise<string> => {
        await build(`FROM ${NAME}\nUSER 0\nRUN ${step}\n`, '--no-cache', '--load', `--tag=${SPOILT}`);
        return docker('image', 'inspect', '--format={{json .RootFS.Layers}}', SPOILT);
      };
      return (await digest()) === (await digest()) ? '' : 'other layers';
    };
    const before = await docker('image', 'inspect', '--format={{.Id}}', NAME);
    const output = await workspace.nx('docker-build', NAME, '--no-cache', '--skip-nx-cache');
    expect(output).toContain('· built,');
    for (const stage of ['stdlib', 'dependencies', 'application'] as const)
      expect(stepsThatRan(output, stage)).not.toEqual([]);
    const after = await docker('image', 'inspect', '--format={{.Id}}', NAME);
    const problem = before === after ? '' : `${before} became ${after}`;
    judge(25, 'two builds without cache: one digest', problem, await twice('date +%N > /when'));
  });

  it('27: give a static file another ETag when it is edited, even to equal length', async () => {
    const path = `apps/${NAME}/static/site.css`;
    /** Whether a browser that has one version is given the next one. */
    const stale = async (images: readonly [first: string, second: string]): Promise<string> => {
      let etag = '';
      for (const image of images) {
        const container = await startContainer(image, 8000);
        try {
          const headers = etag === '' ? {} : { 'if-none-match': etag };
          const { status, headers: answered } = await headersOf(
            `${container.address}/static/site.css`,
            headers,
          );
          if (etag !== '') return status === 200 ? '' : `${status}, although it has changed`;
          etag = String(answered.etag);
          expect({ status, etag }).toEqual({
            status: 200,
            etag: expect.stringMatching(/^(W\/)?"/) as string,
          });
        } finally {
          await container.remove();
        }
      }
      return 'never asked twice';
    };
    for (const [colour, tag] of [
      ['teal', 'first'],
      ['blue', 'second'],
    ] as const) {
      workspace.write(path, `body { color: ${colour} }\n`);
      await workspace.nx('docker-build', NAME);
      await docker('tag', NAME, `${NAME}:${tag}`);
      const touch = `FROM ${NAME}\nUSER 0\nRUN touch -d @315532800 static/site.css\nUSER 10001:0\n`;
      await build(touch, '--load', `--tag=${SPOILT}:${tag}`);
    }
    const spoilt = await stale([`${SPOILT}:first`, `${SPOILT}:second`]);
    const problem = await stale([`${NAME}:first`, `${NAME}:second`]);
    judge(27, 'an edit of equal length changes the ETag', problem, spoilt);
  });

  it('50: are refused where a variable would take over the interpreter', async () => {
    const file = `apps/${NAME}/docker-python.json`;
    const before = workspace.read(file);
    /** Names that nobody refuses. */
    const accepted = async (...settings: object[]): Promise<string> => {
      const names: string[] = [];
      for (const setting of settings) {
        workspace.write(file, JSON.stringify({ version: 1, ...setting }));
        const { exitCode, output } = await workspace.tryNx('diagnose', NAME);
        if (exitCode === 0 || !output.includes('INVALID_SETTINGS')) names.push(JSON.stringify(setting));
      }
      workspace.write(file, before);
      return names.join(', ');
    };
    const risky = [
      { env: { PYTHONHOME: '/x' } },
      { buildEnv: { PYTHONHOME: '/x' } },
      { buildEnv: { LD_PRELOAD: 'x' } },
    ];
    judge(
      50,
      'variables that take over are refused',
      await accepted(...risky),
      await accepted({ env: { A: 'b' } }),
    );
  });
});

describe('gunicorn in the image', () => {
  const start = (...options: string[]): Promise<string> =>
    docker('run', '--detach', '--label=docker-python.test=1', '--publish=127.0.0.1::8000', ...options, NAME);
  const addressOf = async (id: string): Promise<string> =>
    (await docker('port', id, '8000/tcp')).split('\n')[0]!;
  /** The body of an answer, however long it takes; undefined without one. */
  const ask = (address: string, path: string): Promise<string | undefined> =>
    new Promise((resolve) => {
      httpGet(`http://${address}${path}`, { agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.once('close', () => resolve(body));
      }).once('error', () => resolve(undefined));
    });
  const answering = async (address: string): Promise<void> => {
    for (let tries = 0; tries < 600 && (await ask(address, '/')) === undefined; tries++) await sleep(100);
  };

  it('33: finishes a request that is under way when it is stopped', async () => {
    const id = await start();
    try {
      const address = await addressOf(id);
      await answering(address);
      const slow = ask(address, '/slow/4');
      await untilLogged(id, 'takes 4 s');
      await docker('stop', id);
      const answer = await slow;
      write({
        row: 33,
        property: 'a request under way finishes when it is stopped',
        image: NAME,
        problem: answer === 'done' ? '' : `it was cut off: ${answer}`,
      });
      expect(answer).toBe('done');
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
      const slow = [ask(address, '/slow/60'), ask(address, '/slow/61')];
      for (const seconds of [60, 61]) await untilLogged(id, `takes ${seconds} s`);
      expect(await Promise.race([ask(address, '/'), ...slow])).toContain('Hello');
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
    expect(await workersUnder('--cpus=0.5', '--memory=2g')).toBe(2);
    expect(await workersUnder('--cpus=2', '--memory=400m')).toBe(2);
    expect(await workersUnder('--cpus=2', '--memory=64m')).toBe(1);
    expect(await workersUnder('--env=WEB_CONCURRENCY=7')).toBe(7);
  });

  it.each([
    ['v2', { 'cpu.max': '250000 100000', 'memory.max': '2147483648' }, 6],
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

/** Status and headers of an answer. */
function headersOf(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent: false, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    }).once('error', reject);
  });
}
