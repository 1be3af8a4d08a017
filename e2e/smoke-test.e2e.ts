import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { createWorkspace, type CommandResult, type Workspace } from './harness/workspace';

const NAME = 'e2e-smoke';
const ROOT = `apps/${NAME}`;
const FLASK = `import os, signal, socket, sys, time, ctypes\nfrom flask import Flask\napp = Flask(__name__)\n`;
const GOOD = `${FLASK}\n@app.get("/")\ndef hello():\n    return "hello"\n`;
/** Starts in no time, also on a busy machine. */
const listen = (address: string, port: number): string =>
  `import http.server, signal\nhttp.server.ThreadingHTTPServer(("${address}", ${port}), http.server.SimpleHTTPRequestHandler).serve_forever()\n`;
const SERVER = listen('0.0.0.0', 8000).replace('\n', '\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n');
const LEFT = ['ps', '--all', '--quiet', `--filter=label=dev.docker-python.project=${NAME}`] as const;

interface Variant {
  readonly app?: string;
  readonly main?: string;
  readonly settings?: object;
}

let workspace: Workspace;

beforeAll(async () => {
  await removeImages(NAME);
  workspace = await createWorkspace(NEWEST);
  await workspace.nx('g', 'docker-python:example', NAME);
  await workspace.commit('example');
});

afterAll(async () => {
  workspace.remove();
  await removeImages(NAME);
});

/** Makes the project what a row says. */
async function become({ app = GOOD, main = '', settings = {} }: Variant): Promise<void> {
  workspace.write(`${ROOT}/app.py`, app);
  workspace.write(`${ROOT}/main.py`, main);
  workspace.write(`${ROOT}/docker-python.json`, JSON.stringify({ version: 1, ...settings }));
  await workspace.nx('sync');
}

/** Makes the project what a row says, and tests it. */
async function test(variant: Variant): Promise<CommandResult> {
  await become(variant);
  return workspace.tryNx('smoke-test', NAME);
}

/** The same for what is fit for production. */
async function passes(variant: Variant): Promise<string> {
  await become(variant);
  return workspace.nx('smoke-test', NAME);
}

/** The same for what is not. */
async function fails(variant: Variant): Promise<string> {
  await become(variant);
  return workspace.failsNx('smoke-test', NAME);
}

const script = (more: object = {}): object => ({ command: ['python', 'main.py'], port: 8000, ...more });
const brief = { smokeTest: { timeout: '15s' } };

describe('a smoke test', () => {
  it('passes for what is fit for production, and says what it has seen', async () => {
    expect(await passes({ settings: { smokeTest: { body: 'hello' } } })).toMatch(
      /web passed its smoke test · not root \(10001:0\) · \/ answers 200 after .* · healthy · stops in .*exit code 0\) · read-only, without capabilities, as user 54321:0/,
    );
  });

  it('is cached on the image and its own settings', async () => {
    expect(await workspace.nx('smoke-test', NAME)).toMatch(/2 out of 2 tasks/);
    workspace.write(`${ROOT}/README.md`, 'other words\n');
    expect(await workspace.nx('smoke-test', NAME)).toMatch(/2 out of 2 tasks/);
    expect(await fails({ settings: { smokeTest: { body: 'good bye' } } })).toContain(
      'does not contain "good bye"',
    );
  });

  const broken: [what: string, variant: Variant, ...words: string[]][] = [
    [
      'an import error at start',
      { app: `import numpyy\n${GOOD}` },
      'The module "numpyy" is not in the image',
      'No module named',
    ],
    [
      'a wrong module in the command',
      { settings: { command: 'gunicorn -b 0.0.0.0:8000 nope:app', ...brief } },
      '"nope"',
    ],
    [
      'a port that is never opened',
      { main: 'import time\ntime.sleep(99)\n', settings: script(brief) },
      'does not answer on port 8000 within 15 s',
      'nothing listens',
    ],
    [
      'listening on loopback only',
      { main: listen('127.0.0.1', 8000), settings: script(brief) },
      'listens on 127.0.0.1:8000 only',
    ],
    [
      'another port',
      { main: listen('0.0.0.0', 5000), settings: script(brief) },
      'listens on port 5000, not on 8000',
    ],
    [
      'answers of 500',
      { app: `${FLASK}\n@app.get("/")\ndef bad():\n    raise ValueError("boom")\n` },
      'It answers with status 500 at path /',
      'ValueError: boom',
    ],
    [
      'an end with exit code 0',
      { main: 'print("usage: main.py [options]")\n', settings: script() },
      'exit code 0',
      'usage: main.py',
    ],
    [
      'ignoring SIGTERM',
      { main: SERVER, settings: script({ stopTimeout: '2s' }) },
      'ignores SIGTERM',
      'killed after 2 s',
    ],
    [
      'writing its own code',
      { app: `open("cache.db", "w")\n${GOOD}`, settings: brief },
      'It writes cache.db, which is read-only',
    ],
    [
      'a missing shared library',
      { app: `import ctypes\nctypes.CDLL("libnothere.so.5")\n${GOOD}`, settings: brief },
      'shared library libnothere.so.5 is missing',
    ],
    [
      'too little memory',
      {
        main: 'x = bytearray(200_000_000)\nprint(len(x))\n',
        settings: script({ smokeTest: { memory: '48m' } }),
      },
      'ran out of memory',
    ],
    [
      'a segmentation fault at start',
      { app: `${FLASK}\nctypes.string_at(0)\n`, settings: brief },
      'It crashed: Segmentation fault',
      'app.py", line',
    ],
  ];

  it.each(broken)('finds %s', async (_what, variant, ...words) => {
    const output = await fails(variant);
    expect(output).toMatch(
      /SMOKE_BROKEN_IMAGE: The smoke test of the process \w+ says: the image is broken\./,
    );
    for (const word of [...words, 'Its last lines:', 'State: ', 'What to do: '])
      expect(output).toContain(word);
    expect(await docker(...LEFT)).toBe('');
  });

  it('finds an image that runs as root through an edited Dockerfile', async () => {
    await become({});
    const text = workspace.read(`${ROOT}/Dockerfile`);
    workspace.write(`${ROOT}/Dockerfile`, text.replace('USER 10001:0', 'USER 0:0'));
    expect(await workspace.failsNx('smoke-test', NAME)).toContain('The image runs as root (USER 0:0)');
    workspace.write(`${ROOT}/Dockerfile`, text);
  });

  it('says which configuration is missing, and tries what the project gives as an example', async () => {
    const app = `import os\nos.environ["API_TOKEN"]\n${GOOD}`;
    const without = await fails({ app, settings: brief });
    expect(without).toContain('SMOKE_NEEDS_CONFIGURATION');
    expect(without).toContain('It needs the configuration API_TOKEN.');
    expect(without).toContain('"smokeTest": { "env": { "API_TOKEN": "..." } }');
    workspace.write(`${ROOT}/.env.example`, 'API_TOKEN=hunter2\n');
    const output = await workspace.nx('smoke-test', NAME);
    expect(output).toContain(`with sample values from ${ROOT}/.env.example (API_TOKEN)`);
    expect(output).not.toContain('hunter2');
    workspace.write(`${ROOT}/.env.example`, '');
  });

  it('says which service is missing, and accepts that where the settings do', async () => {
    const app = `${FLASK}\nsocket.create_connection(("127.0.0.1", 5432))\n`;
    const output = await fails({ app, settings: brief });
    expect(output).toContain('SMOKE_NEEDS_SERVICE');
    expect(output).toContain('Connection refused');
    const accepted = await passes({
      app,
      settings: { smokeTest: { timeout: '15s', accept: ['needs-service'] } },
    });
    expect(accepted).toContain('accepted although the image needs a service');
  });

  it('tests workers and jobs by their names, and none by itself', async () => {
    const processes = {
      web: { command: 'gunicorn -b 0.0.0.0:$PORT app:app', port: 8000 },
      worker: { command: ['python', '-c', 'import time; time.sleep(99)'], smokeTest: { stayUp: '1s' } },
      migrate: ['python', '-c', 'print("migrated")'],
      bad: { command: ['python', '-c', 'raise SystemExit(4)'] },
    };
    const output = await passes({ settings: { processes } });
    expect(output).toContain('web passed');
    expect(output).toMatch(/worker passed .* stays up .* healthy · stops in .*143/);
    expect(output).not.toContain('migrate');
    expect(await workspace.nx('smoke-test', NAME, '--process=migrate')).toContain('ended with exit code 0');
    expect(await workspace.failsNx('smoke-test', NAME, '--process=bad')).toContain('exit code 4');
    expect(await docker('run', '--rm', NAME, 'migrate')).toBe('migrated');
  });

  it('grants what the settings grant, and nothing else of it', async () => {
    const main = `import os, pathlib
NEEDS = {
    "its own user": lambda: os.getuid() == 10001,
    "capabilities": lambda: "CapBnd:\\t0000000000000000" not in pathlib.Path("/proc/self/status").read_text(),
    "to write": lambda: os.access("/var/tmp", os.W_OK),
}
lacks = [name for name, has in NEEDS.items() if not has()]
raise SystemExit(f"lacks {', '.join(lacks)}." if lacks else 0)
`;
    const granting = (smokeTest: object): Variant => ({
      main,
      settings: { command: ['python', 'main.py'], smokeTest },
    });
    const switches = { user: 'image', capabilities: 'default', readOnly: false };
    const lacks = ['its own user', 'capabilities', 'to write'];
    expect(await fails(granting({}))).toContain(`lacks ${lacks.join(', ')}.`);
    for (const [at, [name, value]] of Object.entries(switches).entries())
      expect(await fails(granting({ [name]: value }))).toContain(
        `lacks ${lacks.toSpliced(at, 1).join(', ')}.`,
      );
    const output = await passes(granting(switches));
    expect(output).toContain('main passed its smoke test');
    expect(output).not.toContain('read-only');
  });

  it('gives way to a script, and to being switched off', async () => {
    const text = '#!/bin/sh\necho "testing $1"\ncase "$1" in *:ck-*) exit 0;; esac\nexit 3\n';
    workspace.write(`${ROOT}/docker/smoke-test.sh`, text);
    await workspace.run('chmod', ['+x', `${ROOT}/docker/smoke-test.sh`]);
    expect(await passes({})).toContain(`testing ${NAME}:ck-`);
    workspace.write(`${ROOT}/docker/smoke-test.sh`, '#!/bin/sh\nexit 3\n');
    expect(await workspace.failsNx('smoke-test', NAME)).toContain('SMOKE_SCRIPT_FAILED');
    const off = await workspace.run(
      process.execPath,
      [join(workspace.root, 'node_modules/nx/dist/bin/nx.js'), 'smoke-test', NAME],
      {
        DOCKER_PYTHON_SMOKE_TEST: 'false',
      },
    );
    expect(off).toMatchObject({ exitCode: 0 });
    expect(off.output).toContain('not tested, DOCKER_PYTHON_SMOKE_TEST switches it off');
    await workspace.run('rm', [`${ROOT}/docker/smoke-test.sh`]);
  });

  it('builds again what the engine has lost, and tests exactly that', async () => {
    await passes({});
    await removeImages(NAME);
    expect(await docker('images', '--quiet', NAME)).toBe('');
    expect(await workspace.nx('smoke-test', NAME, '--skip-nx-cache', '--excludeTaskDependencies')).toContain(
      'web passed',
    );
    expect(await docker('images', '--quiet', NAME)).not.toBe('');
  });

  describe.each([
    ['Ctrl-C', 'SIGINT'],
    ['kill -9', 'SIGKILL'],
  ] as const)('after %s', (_what, signal) => {
    it('leaves nothing behind, at the latest when the next one has run', async () => {
      await test({
        main: 'import time\ntime.sleep(999)\n',
        settings: script({ smokeTest: { timeout: '1s' } }),
      });
      // Longer than anybody waits here, so that neither the container nor its test ends by itself.
      workspace.write(
        `${ROOT}/docker-python.json`,
        JSON.stringify({ version: 1, ...script({ smokeTest: { timeout: '900s' } }) }),
      );
      await workspace.nx('sync');
      const nx = spawn(
        process.execPath,
        [join(workspace.root, 'node_modules/nx/dist/bin/nx.js'), 'smoke-test', NAME],
        {
          cwd: workspace.root,
          env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', CI: 'true' },
          detached: true,
          stdio: 'ignore',
        },
      );
      // Under way: a container that is only created gets the signal itself, by the client that starts it.
      await until(async () => (await docker(...LEFT, '--filter=status=running')) !== '');
      await sleep(2_000);
      process.kill(-nx.pid!, signal);
      await sleep(1_000);
      if (signal === 'SIGKILL') await test({ settings: { smokeTest: { timeout: '60s' } } });
      // At once after Ctrl-C: later a smoke test of another file may take it down.
      await until(async () => (await docker(...LEFT)) === '', signal === 'SIGINT' ? 20 : 180);
    });
  });
});

/** Polls; far below the time that jest allows. */
async function until(done: () => Promise<boolean>, seconds = 180): Promise<void> {
  for (let tries = 0; tries < 2 * seconds; tries++) {
    if (await done()) return;
    await sleep(500);
  }
  throw new Error(`it did not happen within ${seconds} seconds`);
}
