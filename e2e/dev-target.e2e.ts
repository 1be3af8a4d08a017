import { docker, removeImages } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

const IMAGE = 'e2e-dev';
const ROOT = `apps/${IMAGE}`;

describe('an image to work in', () => {
  let workspace: Workspace;
  let production: string;

  const keyOf = (target: string): string =>
    (JSON.parse(workspace.read(`dist/docker-python/${ROOT}/image.${target}.json`)) as { contentKey: string })
      .contentKey;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST, {
      [`${ROOT}/main.py`]: 'import six\nprint("six", six.__version__)\n',
      [`${ROOT}/requirements.txt`]: 'six==1.17.0\n',
      [`${ROOT}/dev-requirements.txt`]: '-r requirements.txt\niniconfig==2.1.0\n',
    });
    await workspace.nx('g', 'docker-python:setup', ROOT);
    await workspace.commit('set up');
    await workspace.nx('docker-build', IMAGE);
    production = keyOf('runtime');
    await workspace.nx('docker-build', IMAGE, '--configuration=dev');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(IMAGE);
  });

  it('has development dependencies, pip and a shell, and runs the same command', async () => {
    const script =
      'python -c "import iniconfig, six"; pip --version; uv --version; bash --version; touch /opt/venv/mine';
    const output = await docker('run', '--rm', `${IMAGE}:dev`, 'bash', '-euc', script);
    expect(output).toMatch(/^pip [\d.]+ from \/opt\/venv[\s\S]*^uv [\s\S]*^GNU bash/m);
    expect(await docker('run', '--rm', `${IMAGE}:dev`)).toBe('six 1.17.0');
    // As in production, another user works as well.
    expect(await docker('run', '--rm', '--user=4321:0', `${IMAGE}:dev`, 'pip', 'list')).toContain(
      'iniconfig',
    );
  });

  it('leaves production without them', async () => {
    const missing = 'import importlib.util as u; print([n for n in ("pip", "iniconfig") if u.find_spec(n)])';
    expect(await docker('run', '--rm', `${IMAGE}:latest`, 'python', '-Sc', 'print(1)')).toBe('1');
    expect(await docker('run', '--rm', `${IMAGE}:latest`, 'python', '-c', missing)).toBe('[]');
  });

  it('has a record of its own, and the files of development are no matter of production', async () => {
    expect(keyOf('dev')).not.toBe(production);
    workspace.write(`${ROOT}/dev-requirements.txt`, '-r requirements.txt\niniconfig==2.0.0\n');
    await workspace.nx('docker-build', IMAGE);
    expect(keyOf('runtime')).toBe(production);
    const before = keyOf('dev');
    await workspace.nx('docker-build', IMAGE, '--stage=dev');
    expect(keyOf('dev')).not.toBe(before);
    expect(await docker('run', '--rm', `${IMAGE}:dev`, 'pip', 'list')).toMatch(/iniconfig +2\.0\.0/);
  });
});
