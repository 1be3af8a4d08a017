import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from '../tools/shell';
import { uv } from '../tools/uv/lock';
import { NEWEST } from '../tools/workspace/nx-versions';
import { stepsThatRan } from './harness/build-checks';
import { manifestOf, outputOf, removeImages } from './harness/docker';
import { serveFiles, wheelOf, type FileServer } from './harness/file-server';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;
const IMAGES = ['e2e-kinds', 'e2e-cpu', 'e2e-fetched'];

const EXTENSION = `#include <Python.h>
static PyObject *answer(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", "", -1, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
`;

const SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';

/** A project of the workspace. The head says its version, or that it is dynamic. */
function project(name: string, head: string, dependencies: readonly string[], more = ''): string {
  return `[project]\nname = "${name}"\n${head}\nrequires-python = ">=3.11"\ndependencies = ${JSON.stringify(dependencies)}\n\n${more}`;
}

const FIXED = 'version = "1.0"';
const DYNAMIC = 'dynamic = ["version"]';

/** A service whose version comes from git, and one library of each kind. */
const KINDS = {
  '.python-version': '3.13\n',
  'apps/kinds/pyproject.toml': project(
    'e2e-kinds',
    DYNAMIC,
    ['scm', 'vcs', 'speed', 'words[numbers]'],
    '[build-system]\nrequires = ["setuptools", "setuptools-scm>=8"]\nbuild-backend = "setuptools.build_meta"\n\n[tool.setuptools]\npy-modules = ["main"]\n\n[tool.setuptools_scm]\nroot = "../.."\nfallback_version = "4.5"\n',
  ),
  'apps/kinds/docker-python.json': '{ "version": 1, "command": ["python", "main.py"] }\n',
  'apps/kinds/main.py': [
    'from importlib.metadata import version',
    'import scm._version, vcs._version, words',
    'from speed import _fast, table',
    'print("service", version("e2e-kinds"))',
    'print("scm", version("scm"), scm._version.version)',
    'print("vcs", version("vcs"), vcs._version.__version__)',
    'print("speed", _fast.answer(), table())',
    'print("words", words.six.__name__)',
    '',
  ].join('\n'),
  'libs/scm/pyproject.toml': project(
    'scm',
    DYNAMIC,
    [],
    '[build-system]\nrequires = ["setuptools", "setuptools-scm>=8"]\nbuild-backend = "setuptools.build_meta"\n\n[tool.setuptools]\npackages = ["scm"]\n\n[tool.setuptools_scm]\nroot = "../.."\nversion_file = "scm/_version.py"\nfallback_version = "1.2.3"\n',
  ),
  'libs/scm/scm/__init__.py': '',
  'libs/scm/.gitignore': '_version.py\n',
  'libs/vcs/pyproject.toml': project(
    'vcs',
    DYNAMIC,
    [],
    '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n\n[tool.hatch.version]\nsource = "vcs"\n\n[tool.hatch.version.raw-options]\nroot = "../.."\n\n[tool.hatch.build.hooks.vcs]\nversion-file = "vcs/_version.py"\n',
  ),
  'libs/vcs/vcs/__init__.py': '',
  'libs/vcs/.gitignore': '_version.py\n',
  'libs/speed/pyproject.toml': project(
    'speed',
    FIXED,
    [],
    `${SETUPTOOLS}\n[tool.setuptools]\npackages = ["speed"]\next-modules = [{ name = "speed._fast", sources = ["speed/_fast.c"] }]\n\n[tool.setuptools.package-data]\nspeed = ["data/*.csv"]\n`,
  ),
  'libs/speed/speed/__init__.py':
    'from importlib.resources import files\n\ndef table():\n    return (files(__name__) / "data/table.csv").read_text().strip()\n',
  'libs/speed/speed/_fast.c': EXTENSION,
  'libs/speed/speed/data/table.csv': 'a,b\n',
  'libs/words/pyproject.toml': project(
    'words',
    `${FIXED}\noptional-dependencies = { numbers = ["six"], unused = ["toolz"] }`,
    [],
    `${SETUPTOOLS}\n[tool.setuptools]\npackages = ["words"]\n`,
  ),
  'libs/words/words/__init__.py': 'import six\n',
};

/** A repository of git as the files that a plain web server shows, and its commit. */
async function bareRepository(
  files: Readonly<Record<string, string>>,
): Promise<[Map<string, Buffer>, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-git-'));
  const git = async (...argv: string[]): Promise<string> =>
    (
      await run('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...argv])
    ).trim();
  try {
    const script = Object.entries(files);
    await git('init', '--quiet', '--initial-branch=main');
    for (const [path, text] of script) await writeIn(folder, path, text);
    await git('add', '--all');
    await git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'one');
    await git('update-server-info');
    const commit = await git('rev-parse', 'HEAD');
    const home = join(folder, '.git');
    const served = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`/gitted.git/${relative(home, path)}`, readFileSync(path)] as const);
    return [new Map(served), commit];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeIn(folder: string, path: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder, path), text);
}

describe('libraries and packages of every kind under one uv.lock', () => {
  let workspace: Workspace;
  let server: FileServer;

  beforeAll(async () => {
    await removeImages(...IMAGES);
    const cpu = 'iniconfig-2.1.0+cpu-py3-none-any.whl';
    const urled = 'urled-1.0-py3-none-any.whl';
    const gitted = 'gitted-1.0-py3-none-any.whl';
    const [repository, commit] = await bareRepository({
      'pyproject.toml': `[project]\nname = "gitted"\nversion = "1.0"\n\n${SETUPTOOLS}\n[tool.setuptools]\npy-modules = ["gitted"]\n`,
      'gitted.py': 'FROM = "git"\n',
    });
    const files = new Map([
      ...repository,
      ['/simple/iniconfig/', Buffer.from(`<a href="/files/${cpu.replace('+', '%2B')}">${cpu}</a>`)],
      [`/files/${cpu}`, await wheelOf('iniconfig', '2.1.0+cpu', 'FROM = "own index"\n')],
      [`/files/${urled}`, await wheelOf('urled', '1.0', 'FROM = "address"\n')],
      [`/files/${gitted}`, await wheelOf('gitted', '1.0', 'FROM = "nowhere"\n')],
    ]);
    server = await serveFiles(files);
    const service = (
      name: string,
      dependencies: readonly string[],
      modules: readonly string[],
      more = '',
    ): Record<string, string> => ({
      [`apps/${name}/pyproject.toml`]: project(`e2e-${name}`, FIXED, dependencies, more),
      [`apps/${name}/main.py`]: `${modules.map((module) => `import ${module}\nprint("${module}", ${module}.FROM)\n`).join('')}`,
      [`apps/${name}/docker-python.json`]: '{ "version": 1, "command": ["python", "main.py"] }\n',
    });
    workspace = await createWorkspace(NEWEST, {
      ...KINDS,
      'pyproject.toml':
        '[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n\n[tool.uv.sources]\nscm = { workspace = true }\nvcs = { workspace = true }\nspeed = { workspace = true }\nwords = { workspace = true }\n',
      ...service(
        'cpu',
        ['iniconfig>=2.1'],
        ['iniconfig'],
        `[tool.uv.sources]\niniconfig = { index = "own" }\n\n[[tool.uv.index]]\nname = "own"\nurl = "${server.url}/simple"\nexplicit = true\n`,
      ),
      ...service(
        'fetched',
        [`urled @ ${server.url}/files/${urled}`, `gitted @ ${server.url}/files/${gitted}`],
        ['urled', 'gitted'],
      ),
    });
    // To make a lock, uv asks the backend for the version, where there is no git; the lock does not have it.
    const vcs = workspace.read('libs/vcs/pyproject.toml');
    const asked = 'source = "vcs"\n';
    workspace.write('libs/vcs/pyproject.toml', vcs.replace(asked, `${asked}fallback-version = "2.0"\n`));
    await uv(workspace.root, ['lock', '-q']);
    workspace.write('libs/vcs/pyproject.toml', vcs);
    // The container that locks has no git: what it would have written.
    const address = `${server.url}/gitted.git?rev=${commit}`;
    const lock = workspace
      .read('uv.lock')
      .replace(
        /(name = "gitted"\nversion = "1\.0"\n)source = [^\n]*\nwheels = \[[^\]]*\]\n/,
        `$1source = { git = "${address}#${commit}" }\n`,
      )
      .replace(/\{ name = "gitted", url = "[^"]*" \}/, `{ name = "gitted", git = "${address}" }`);
    workspace.write('uv.lock', lock);
    const manifest = workspace.read('apps/fetched/pyproject.toml');
    workspace.write(
      'apps/fetched/pyproject.toml',
      manifest.replace(
        `gitted @ ${server.url}/files/${gitted}`,
        `gitted @ git+${server.url}/gitted.git@${commit}`,
      ),
    );
    await workspace.nx('sync');
    await workspace.commit('dockerized');
  }, 5 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    server.close();
    await removeImages(...IMAGES);
  });

  it('versions from git, extensions in C, data files and extras of libraries are in the image', async () => {
    await workspace.nx('docker-build', 'e2e-kinds');
    expect((await outputOf('e2e-kinds')).split('\n')).toEqual([
      'service 4.5',
      'scm 1.2.3 1.2.3',
      'vcs 0.0.0 0.0.0',
      'speed 42 a,b',
      'words six',
    ]);
    expect(workspace.read('apps/kinds/docker/requirements.lock')).not.toContain('toolz');
  });

  it('and come out the same when they are built again', async () => {
    const { digest } = await manifestOf('e2e-kinds');
    const stages = ['libraries', 'application'] as const;
    const again = stages.map((stage) => `--extraBuildArgs=--no-cache-filter=${stage}`);
    const output = await workspace.nx('docker-build', 'e2e-kinds', ...again, '--skip-nx-cache');
    for (const stage of stages) expect(stepsThatRan(output, stage)).not.toEqual([]);
    expect((await manifestOf('e2e-kinds')).digest).toBe(digest);
  });

  it('a +cpu build comes from its own index, which the slice keeps', async () => {
    const slice = workspace.read('apps/cpu/docker/pylock.toml');
    expect(slice).toContain('version = "2.1.0+cpu"');
    expect(slice).toContain(`${server.url}/files/`);
    await workspace.nx('docker-build', 'e2e-cpu');
    expect(await outputOf('e2e-cpu')).toBe('iniconfig own index');
    expect(server.asked).toContain('/files/iniconfig-2.1.0+cpu-py3-none-any.whl');
  });

  it('a package of an address keeps its hash, one of a repository its commit', async () => {
    const slice = workspace.read('apps/fetched/docker/requirements.lock');
    expect(slice).toMatch(/^urled @ http\S+ \\\n {4}--hash=sha256:[0-9a-f]{64}$/m);
    expect(slice).toMatch(/^gitted @ git\+http\S+@[0-9a-f]{40}$/m);
    await workspace.nx('docker-build', 'e2e-fetched');
    expect(await outputOf('e2e-fetched')).toBe('urled address\ngitted git');
  });

  it('another file at that address is refused', async () => {
    const path = 'apps/fetched/docker/requirements.lock';
    const { exitCode, output } = await tampered(path);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/HASH_MISMATCH|[Hh]ash mismatch/);
  });

  /** Builds with another hash in lock and slice, as if the file had been exchanged. */
  async function tampered(path: string): ReturnType<Workspace['tryNx']> {
    const lock = workspace.read('uv.lock');
    const hash = /urled @ \S+ \\\n {4}--hash=sha256:([0-9a-f]{64})/.exec(workspace.read(path))![1]!;
    workspace.write('uv.lock', lock.replaceAll(hash, '0'.repeat(64)));
    await workspace.nx('sync');
    try {
      return await workspace.tryNx('docker-build', 'e2e-fetched');
    } finally {
      workspace.write('uv.lock', lock);
    }
  }
});
