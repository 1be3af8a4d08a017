import { join } from 'node:path';
import { baseOfItsOwn, docker, manifestOf, removeImages, TRUST } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

describe('a reproducible image', () => {
  /** By installer; kept for a second attempt: what differs by chance is the same at most times. */
  const digests = { uv: new Set<string>(), pip: new Set<string>() };
  let workspace: Workspace;
  let base: string;

  beforeAll(async () => {
    await removeImages('e2e-again');
    const own = await baseOfItsOwn('e2e-again');
    base = own.base;
    workspace = await createWorkspace(NEWEST, { 'nx.json': own.nxJson });
    await workspace.nx('g', 'docker-python:example', 'e2e-again');
    await workspace.commit('example');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-again', base);
  });

  it('has one digest after two builds without cache, from another umask and from other times', async () => {
    await workspace.nx('docker-build', 'e2e-again', '--no-cache');
    digests.uv.add((await manifestOf('e2e-again')).digest);
    await workspace.run('chmod', ['-R', 'go-rwx', 'apps']);
    await workspace.run('touch', ['-d', '2001-01-01', 'apps/e2e-again/app.py']);
    await workspace.nx('docker-build', 'e2e-again', '--no-cache', '--pull=false', '--skip-nx-cache');
    digests.uv.add((await manifestOf('e2e-again')).digest);
    expect(digests.uv.size).toBe(1);
  });

  it('has one digest with pip as the installer, too, and no pip in it', async () => {
    const build = async (): Promise<string> => {
      await workspace.nx('docker-build', 'e2e-again', '--installer=pip', '--no-cache', '--skip-nx-cache');
      return (await manifestOf('e2e-again')).digest;
    };
    for (const digest of [await build(), await build()]) digests.pip.add(digest);
    expect(digests.pip.size).toBe(1);
    const script = 'import flask, importlib.util as u; from importlib.metadata import distribution as d;';
    const print = 'print(d("flask").read_text("INSTALLER").strip(), u.find_spec("pip"))';
    expect(await docker('run', '--rm', 'e2e-again', 'python', '-c', `${script} ${print}`)).toBe('pip None');
  });

  it('gives a file another time when its content changes, whatever its length', async () => {
    const timeOf = (): Promise<string> => docker('run', '--rm', 'e2e-again', 'stat', '-c', '%Y', 'app.py');
    const before = await timeOf();
    const app = workspace.read('apps/e2e-again/app.py');
    workspace.write('apps/e2e-again/app.py', app.replace('Hello', 'Hallo'));
    await workspace.nx('docker-build', 'e2e-again');
    const after = await timeOf();
    workspace.write('apps/e2e-again/app.py', app);
    expect(after).not.toBe(before);
    for (const time of [before, after]) expect(Number(time)).toBeGreaterThanOrEqual(315532800);
  });

  it('has bytecode that the number of processors does not change, nor which of them was faster', async () => {
    const program = join(__dirname, '../packages/docker-python/src/render/scripts/bytecode.py');
    const inPython = (script: string, ...options: string[]): Promise<string> =>
      docker('run', '--rm', '-v', `${program}:/bytecode.py:ro`, ...options, base, 'sh', '-c', script);
    const hash = 'find lib -name "*.pyc" | sort | xargs sha256sum | sha256sum';
    const lib = 'cd /usr/local && PYTHONHASHSEED=0 python -B /bytecode.py lib test site-packages && ' + hash;
    expect(Number(await inPython('nproc'))).toBeGreaterThan(1);
    expect(Number(await inPython(`${lib} > /dev/null; find lib -name '*.pyc' | wc -l`))).toBeGreaterThan(500);
    const [one, all] = await Promise.all([inPython(lib, '--cpuset-cpus=0'), inPython(lib)]);
    expect(one).toBe(all);
    // What it is there for: a module is compiled to other bytes after one that has a word in common with it.
    const module =
      'def f(x): return x in {"salty", "pepper", "sugary"}\ndef g(x): return 300, x in {"salty", "pepper", "sugary"}';
    const files = `cd /tmp && mkdir lib && echo '${module}' > lib/b.py && `;
    const compileall = `python -m compileall -q --invalidation-mode unchecked-hash lib && sha256sum lib/__pycache__/b.*`;
    const alone = await inPython(files + compileall);
    expect(await inPython(files + compileall)).toBe(alone);
    expect(await inPython(`${files} echo 'salty = 1' > lib/a.py && ${compileall}`)).not.toBe(alone);
  });

  it('is built by plain docker buildx from the workspace root, too', async () => {
    const argv = [
      'buildx',
      'build',
      '--quiet',
      '-f',
      'apps/e2e-again/Dockerfile',
      '-t',
      'e2e-again:plain',
      '--provenance=false',
    ];
    const { exitCode, output } = await workspace.run('docker', [...argv, TRUST, '.']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(
      await docker('run', '--rm', 'e2e-again:plain', 'python', '-c', 'import flask; print("fine")'),
    ).toBe('fine');
  });
});
