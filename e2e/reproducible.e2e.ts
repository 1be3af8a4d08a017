import { docker, manifestOf, removeImages } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

describe('a reproducible image', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', 'e2e-again');
    await workspace.commit('example');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-again');
  });

  it('has one digest after two builds without cache, from another umask and from other times', async () => {
    await workspace.nx('docker-build', 'e2e-again', '--no-cache');
    const first = await manifestOf('e2e-again');
    await workspace.run('chmod', ['-R', 'go-rwx', 'apps']);
    await workspace.run('touch', ['-d', '2001-01-01', 'apps/e2e-again/app.py']);
    await workspace.nx('docker-build', 'e2e-again', '--no-cache', '--pull=false', '--skip-nx-cache');
    expect((await manifestOf('e2e-again')).digest).toBe(first.digest);
  });

  it('has one digest with pip as the installer, too, and no pip in it', async () => {
    const build = async (): Promise<string> => {
      await workspace.nx('docker-build', 'e2e-again', '--installer=pip', '--no-cache', '--skip-nx-cache');
      return (await manifestOf('e2e-again')).digest;
    };
    expect(await build()).toBe(await build());
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
    expect(after).not.toBe(before);
    for (const time of [before, after]) expect(Number(time)).toBeGreaterThanOrEqual(315532800);
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
    const ca = ['--secret', 'id=ca,src=/etc/ssl/certs/ca-certificates.crt'];
    const { exitCode, output } = await workspace.run('docker', [...argv, ...ca, '.']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(
      await docker('run', '--rm', 'e2e-again:plain', 'python', '-c', 'import flask; print("fine")'),
    ).toBe('fine');
  });
});
