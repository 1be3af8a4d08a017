import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVERS } from '../packages/docker-python/src/detection/frameworks/server-table';
import { NEWEST } from '../tools/workspace/nx-versions';
import { recordRow } from '../tools/checklist/results';
import { attempt } from '../tools/shell';
import { docker, logOf, removeImages, untilLogged } from './harness/docker';
import { inParallel } from './harness/in-parallel';
import { createWorkspace, type Workspace } from './harness/workspace';

const NAME = 'e2e-servers';
const ROOT = `apps/${NAME}`;
const STOP_SECONDS = 9;
/** Enough that the signal comes while the request is under way, and for the answer before the stop gets hard. */
const SLOW_SECONDS = 4;

/** A request is under way once this is in the log, which is no word of any server's own. */
const BEGUN = 'the application begins';

/** The same application for both interfaces: its scheme, as the proxy in front has said; a slow and an endless answer. */
const APP = `import asyncio
import sys
import time


def seconds(path):
    if path in ("/slow", "/endless"):
        print("${BEGUN}", file=sys.stderr, flush=True)
    return {"/slow": ${SLOW_SECONDS}, "/endless": 99}.get(path, 0)


def wsgi(environ, start_response):
    time.sleep(seconds(environ["PATH_INFO"]))
    body = f"done over {environ['wsgi.url_scheme']}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    while scope["type"] == "lifespan":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
    await asyncio.sleep(seconds(scope["path"]))
    body = f"done over {scope['scheme']}".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
`;

const SANIC = `import asyncio

from app import seconds
from sanic import Sanic
from sanic.response import text

app = Sanic("own")


@app.get("/<path:path>")
async def answer(request, path):
    await asyncio.sleep(seconds(f"/{path}"))
    return text("done over http")
`;

/** What each server does; where it has no way to do it, nothing is promised (docs/image.md says so). */
interface Promised {
  /** A request under way is answered after the stop signal. */
  readonly finishes?: boolean;
  /** A request that never ends does not keep it from ending in time. */
  readonly ends?: boolean;
  readonly scheme: 'http' | 'https';
  /** What its log has of a request. */
  readonly log?: RegExp;
}

const PROMISED: Readonly<Record<string, Promised>> = {
  gunicorn: { finishes: true, ends: true, scheme: 'https', log: /GET \/slow/ },
  uvicorn: { finishes: true, ends: true, scheme: 'https', log: /GET \/slow/ },
  hypercorn: { finishes: true, scheme: 'http', log: /GET \/slow/ },
  granian: { finishes: true, ends: true, scheme: 'http', log: /GET \/slow/ },
  uwsgi: { finishes: true, scheme: 'https', log: /GET \/slow/ },
  'waitress-serve': { finishes: true, scheme: 'https' },
  daphne: { ends: true, scheme: 'https', log: /GET \/ready/ },
  sanic: { finishes: true, ends: true, scheme: 'http', log: /GET \S+\/slow/ },
};

/** Every server of the table, with each interface that it serves, as a process of one image. */
const PROCESSES = Object.entries(SERVERS).flatMap(([kind, servers]) =>
  servers.map((server) => ({
    name: `${server.program}-${kind}`,
    program: server.program,
    command: server.command(kind === 'own' ? 'own:app' : `app:${kind}`, false, 8000, kind as never),
  })),
);

describe('servers in containers', () => {
  let workspace: Workspace;
  const observed = new Map<string, Promise<Seen>>();

  beforeAll(async () => {
    await removeImages(NAME);
    workspace = await createWorkspace(NEWEST, {
      [`${ROOT}/project.json`]: JSON.stringify({ name: NAME }),
      [`${ROOT}/app.py`]: APP,
      [`${ROOT}/own.py`]: SANIC,
      [`${ROOT}/requirements.txt`]: [
        'gunicorn==23.0.0',
        'uvicorn==0.35.0',
        'hypercorn==0.17.3',
        'granian==2.5.0',
        'pyuwsgi==2.0.30',
        'waitress==3.0.2',
        'daphne==4.2.1',
        'sanic==25.3.0',
        'setuptools==80.9.0',
        '',
      ].join('\n'),
      [`${ROOT}/docker-python.json`]: JSON.stringify({
        version: 1,
        stopTimeout: `${STOP_SECONDS}s`,
        processes: Object.fromEntries(
          PROCESSES.map(({ name, command }) => [name, { command, port: 8000 }] as const),
        ),
      }),
    });
    await workspace.nx('g', 'docker-python:setup', NAME);
    await workspace.commit('set up');
    await workspace.nx('docker-build', NAME);
    await inParallel(4, PROCESSES, async (process) => {
      const seen = observe(process);
      observed.set(process.name, seen);
      // What goes wrong is for its own test to say.
      await seen.catch(() => undefined);
    });
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(NAME);
  });

  it('every server has its promises written down', () => {
    expect([...new Set(PROCESSES.map(({ program }) => program))].sort()).toEqual(
      Object.keys(PROMISED).sort(),
    );
  });

  /** The body of an answer, however long it takes. */
  const ask = (address: string, path: string): Promise<string> =>
    new Promise((resolve) => {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };
      const asked = get(`http://${address}${path}`, { agent: false, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.once('close', () => resolve(body));
      });
      asked.once('error', ({ message }) => resolve(message));
    });

  /** Starts a process hardened, does something while it runs, and stops it. */
  async function during(name: string, work: (address: string, id: string) => Promise<void>) {
    const hardened = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--user=54321:0'];
    // The image has the signal of its first process; each has its own.
    const signal = name.startsWith('waitress') ? ['--stop-signal=SIGINT'] : [];
    const id = await docker(
      ...['run', '--detach', '--label=docker-python.test=1', ...hardened, ...signal],
      ...['--publish=127.0.0.1::8000', NAME, name],
    );
    try {
      const address = (await docker('port', id, '8000/tcp')).split('\n')[0]!;
      let ready = '';
      for (let tries = 0; tries < 1200 && !ready.startsWith('done'); tries++) {
        ready = await ask(address, '/ready');
        if (!ready.startsWith('done')) await sleep(100);
      }
      await work(address, id);
      const began = performance.now();
      await docker('stop', `--time=${STOP_SECONDS}`, id);
      const seconds = (performance.now() - began) / 1000;
      const exitCode = Number(await docker('inspect', '--format={{.State.ExitCode}}', id));
      return { ready, seconds, exitCode, log: await logOf(id) };
    } finally {
      await attempt('docker', ['rm', '--force', id]);
    }
  }

  interface Seen {
    readonly ready: string;
    /** The answer to a request that was under way when the signal came. */
    readonly slow: string;
    readonly exitCode: number;
    readonly log: string;
    /** How it ended while a request hung. */
    readonly hung: { readonly exitCode: number; readonly seconds: number };
  }

  async function observe({ name, program }: (typeof PROCESSES)[number]): Promise<Seen> {
    let slow = Promise.resolve('');
    const seen = await during(name, async (address, id) => {
      slow = ask(address, '/slow');
      await untilLogged(id, BEGUN);
    });
    const hung = await during(name, async (address, id) => {
      if (!PROMISED[program]!.ends) return;
      void ask(address, '/endless');
      await untilLogged(id, BEGUN);
    });
    return { ...seen, slow: await slow, hung };
  }

  /** Row 33 of IMAGE-CHECKLIST. */
  const cutOff = ({ slow }: Seen): string => (slow.startsWith('done') ? '' : `it was cut off: ${slow}`);

  it.each(PROCESSES)(
    '$name believes the proxy, logs, finishes what it has begun, ends in time',
    async (process) => {
      const { name, program } = process;
      const { finishes, scheme, log } = PROMISED[program]!;
      const first = observed.get(name);
      // A test that is run once more looks once more.
      observed.delete(name);
      const seen = await (first ?? observe(process));
      expect(seen.ready).toBe(`done over ${scheme}`);
      expect([0, 130, 143]).toContain(seen.exitCode);
      if (log) expect(seen.log).toMatch(log);
      recordRow({
        row: 33,
        property: 'a request under way finishes when it is stopped',
        image: name,
        problem: finishes ? cutOff(seen) : '',
        ...(finishes ? {} : { exempt: `${program} has no way to do it` }),
      });
      if (finishes) expect(cutOff(seen)).toBe('');
      expect(seen.hung.exitCode).not.toBe(137);
      expect(seen.hung.seconds).toBeLessThan(STOP_SECONDS);
    },
  );

  it('33: tells a server that cuts requests off', async () => {
    const daphne = PROCESSES.find(({ program }) => program === 'daphne')!;
    expect(cutOff(await observe(daphne))).not.toBe('');
  });
});
