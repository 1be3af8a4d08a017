import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../tools/shell';
import { baseOfItsOwn, docker, removeImages } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

const IMAGE = 'e2e-hooks';
const ROOT = `apps/${IMAGE}`;

/** Prints what the hooks left behind. */
const MAIN = `import os, pathlib, six
print("built:", pathlib.Path("built.txt").read_text().strip())
print("system:", pathlib.Path("/etc/hook").read_text().strip())
print("dependencies:", pathlib.Path("/opt/venv/hook").read_text().strip())
print("entrypoint:", os.environ.get("FROM_ENTRYPOINT"))
print("at run time:", os.environ.get("HOOK_WORD"))
`;

/** `HOOK_WORD` and `PAUSE` are variables of the build. */
const BUILD_CODE =
  'set -eu\npython -c "import six; print(six.__version__)" > built.txt\npwd >> built.txt\necho "$HOOK_WORD" >> built.txt\nsleep "$PAUSE"\n';

const SETTINGS = {
  version: 1,
  buildEnv: {
    HOOK_WORD: 'of the build',
    // Another value is not another image.
    PAUSE: { secret: { env: 'HOOK_PAUSE' }, rotates: true },
  },
};

describe('hooks', () => {
  let workspace: Workspace;
  let base: string;

  beforeAll(async () => {
    process.env['HOOK_PAUSE'] = '0';
    await removeImages(IMAGE);
    const own = await baseOfItsOwn(IMAGE);
    base = own.base;
    workspace = await createWorkspace(NEWEST, {
      'nx.json': own.nxJson,
      [`${ROOT}/main.py`]: MAIN,
      [`${ROOT}/requirements.txt`]: 'six==1.17.0\n',
      [`${ROOT}/docker-python.json`]: JSON.stringify(SETTINGS),
      // Neither is executable; one names an interpreter, one has none.
      [`${ROOT}/docker/install-system-packages.sh`]:
        '#!/bin/bash\nset -eu\necho "$1, $HOOK_WORD" | tee -a /etc/hook\n',
      [`${ROOT}/docker/install-dependencies.sh`]:
        'set -eu\nuv pip install --no-deps -r "$REQUIREMENTS"\necho "by hook, $HOOK_WORD" > "$VIRTUAL_ENV/hook"\n',
      [`${ROOT}/docker/build-code.sh`]: BUILD_CODE,
      [`${ROOT}/docker/entrypoint.sh`]: '#!/bin/sh\nexport FROM_ENTRYPOINT="$1"\nexec "$@"\n',
    });
    await workspace.nx('g', 'docker-python:setup', ROOT);
    await workspace.commit('set up');
    await workspace.nx('docker-build', IMAGE);
  });

  const names = async (): Promise<readonly string[]> =>
    (await docker('images', '--no-trunc', '--format={{.Tag}} {{.ID}}', IMAGE)).split('\n').sort();

  afterAll(async () => {
    workspace.remove();
    await removeImages(IMAGE, base);
  });

  it('run in their stages, and their work is in the image', async () => {
    const output = await docker('run', '--rm', IMAGE);
    expect(output).toContain('built: 1.17.0\n/app/apps/e2e-hooks\nof the build');
    expect(output).toContain(
      'system: runtime, of the build\ndependencies: by hook, of the build\nentrypoint: main\nat run time: None',
    );
  });

  it('are not part of the image themselves, but for the entrypoint', async () => {
    expect(await docker('run', '--rm', IMAGE, 'sh', '-c', 'ls docker; ls /run')).toBe('entrypoint.sh');
  });

  it('have a key: an edit of one makes another image, and only its stage anew', async () => {
    const word = `edited at ${Date.now()}`;
    workspace.write(`${ROOT}/docker/build-code.sh`, BUILD_CODE.replace('pwd', `echo ${word}`));
    const output = await workspace.nx('docker-build', IMAGE);
    const step = /^#(\d+) \[dependencies 2\/2\]/m.exec(output)?.[1];
    // BuildKit cancels a step that it finds it does not need at all.
    expect(output).toMatch(new RegExp(`^#${step} (CACHED|CANCELED)$`, 'm'));
    expect(output).not.toMatch(new RegExp(`^#${step} DONE`, 'm'));
    expect(await docker('run', '--rm', IMAGE)).toContain(`built: 1.17.0\n${word}`);
  });

  it('killed in the middle of one, a build has named nothing, and another run makes the image', async () => {
    // Longer than anybody waits, and like no other process of this machine.
    const pause = '34567.8';
    const word = `killed at ${Date.now()}`;
    workspace.write(`${ROOT}/docker/build-code.sh`, BUILD_CODE.replace('pwd', `echo ${word}`));
    const before = await names();
    const nx = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
    const child = spawn(process.execPath, [nx, 'docker-build', IMAGE], {
      cwd: workspace.root,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true', HOOK_PAUSE: pause },
      detached: true,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const steps = async (): Promise<number> =>
      (await attempt('ps', ['-eo', 'args'])).output.split('\n').filter((line) => line === `sleep ${pause}`)
        .length;
    for (let tries = 0; tries < 900 && (await steps()) === 0; tries++) await sleep(200);
    expect(await steps()).toBe(1);
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    for (let tries = 0; tries < 300 && (await steps()) > 0; tries++) await sleep(200);
    expect([await steps(), await names()]).toEqual([0, before]);
    expect(await workspace.nx('docker-build', IMAGE)).toMatch(/ built, .* of \d+ layers/);
    expect(await docker('run', '--rm', IMAGE)).toContain(`built: 1.17.0\n${word}`);
  });

  /** Kept for a second attempt: what differs by chance is the same at most times. */
  const digests = new Set<string>();

  it('leave the image as reproducible as it was', async () => {
    const digest = async (): Promise<string> => {
      const output = await workspace.nx('docker-build', IMAGE, '--no-cache', '--skip-nx-cache');
      return /sha256:[0-9a-f]{12}/.exec(output.slice(output.lastIndexOf(`${IMAGE}:latest`)))![0];
    };
    for (const made of [await digest(), await digest()]) digests.add(made);
    expect(digests.size).toBe(1);
  });

  it('with Windows line ends are refused', async () => {
    workspace.write(`${ROOT}/docker/build-code.sh`, 'echo\r\n');
    const { exitCode, output } = await workspace.tryNx('docker-build', IMAGE);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/INVALID_HOOK: apps\/e2e-hooks\/docker\/build-code\.sh has Windows line ends/);
  });
});
