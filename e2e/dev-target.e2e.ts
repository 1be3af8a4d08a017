import { PLACEHOLDER_INDEX, filesOf, fixtures, rootOf } from '../packages/docker-python/fixtures/corpus';
import { docker, removeImages } from './harness/docker';
import { realIndex } from './harness/real-index';
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
    await removeImages(IMAGE);
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

/** Fixtures of the managers whose files say what development needs, and the module of a development dependency of each. */
const MODULES = {
  'uv-fastapi': 'httpx',
  'poetry-flask-group': 'pytest',
  'pdm-fastapi-task': 'pytest',
  'pipenv-flask-procfile': 'pytest',
  'hatch-litestar': 'pytest',
  'flit-package-main': 'pytest',
  'setuptools-bottle-dynamic': 'pytest',
} as const;

/** Those that have no lock of such dependencies, and are resolved for the image. */
const RESOLVED = ['hatch-litestar', 'flit-package-main', 'setuptools-bottle-dynamic'];

/** What the fixtures without development dependencies get: a file, and what is added to it. A group, or an extra. */
const ADDED: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'hatch-litestar': ['pyproject.toml', '\n[dependency-groups]\ntest = ["pytest"]\n'],
  'flit-package-main': ['pyproject.toml', '\n[project.optional-dependencies]\ndev = ["pytest"]\n'],
};

describe('an image to work in, by every manager', () => {
  const imageOf = (name: string): string => `e2e-dev-${name}`;
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages('e2e-dev-*');
    const index = await realIndex();
    const chosen = fixtures().filter(({ name }) => Object.hasOwn(MODULES, name));
    const files = chosen.flatMap((fixture) => [
      ...Object.entries(filesOf(fixture)).map(
        ([path, text]) => [path, text.replaceAll(PLACEHOLDER_INDEX, index)] as const,
      ),
      [`${rootOf(fixture)}/project.json`, JSON.stringify({ name: imageOf(fixture.name) })] as const,
    ]);
    workspace = await createWorkspace(NEWEST, Object.fromEntries(files));
    for (const fixture of chosen) {
      const [file, text] = ADDED[fixture.name] ?? [];
      const path = `${rootOf(fixture)}/${file}`;
      if (file !== undefined)
        workspace.write(path, (workspace.exists(path) ? workspace.read(path) : '') + text);
    }
    for (const name of Object.keys(MODULES)) await workspace.nx('g', 'docker-python:setup', imageOf(name));
    await workspace.commit('set up');
    await workspace.nx('run-many', '--target=docker-build', '--configuration=dev', '--parallel=2');
  }, 900_000);

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-dev-*');
  });

  it.each(Object.entries(MODULES))('%s has %s, pip and what production has', async (name, module) => {
    const script = `import ${module}, importlib.util as u; print(u.find_spec("pip") is not None)`;
    expect(await docker('run', '--rm', `${imageOf(name)}:dev`, 'python', '-c', script)).toBe('True');
    const check = ['--rm', `${imageOf(name)}:dev`, 'pip', '--disable-pip-version-check', 'check'];
    expect(await docker('run', ...check)).toBe('No broken requirements found.');
  });

  it.each(RESOLVED)('%s runs the program of a development dependency', async (name) => {
    expect(await docker('run', '--rm', `${imageOf(name)}:dev`, 'pytest', '--version')).toMatch(/^pytest \d/);
  });
});
