import { baseOfItsOwn, docker, manifestOf, removeImages } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

const SOURCE = `#include <Python.h>
static PyObject *answer(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", "", -1, methods};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
`;
const SETUP = `from setuptools import Extension, setup
setup(name="speed", version="1.2.3", packages=["speed"], ext_modules=[Extension("speed._fast", ["speed/_fast.c"])],
      entry_points={"console_scripts": ["speed=speed.main:main"]})
`;
const MAIN = `import importlib.metadata
from speed import _fast

def main():
    print(_fast.answer(), importlib.metadata.version("speed"), _fast.__file__)
`;

/** A project with an extension module in C. */
function extensionProject(root: string): Record<string, string> {
  return {
    [`${root}/setup.py`]: SETUP,
    [`${root}/speed/__init__.py`]: '',
    [`${root}/speed/__main__.py`]: 'from speed.main import main\n\nmain()\n',
    [`${root}/speed/main.py`]: MAIN,
    [`${root}/speed/_fast.c`]: SOURCE,
  };
}

describe('code that is compiled', () => {
  const images = ['e2e-packaged', 'e2e-in-place', 'e2e-native', 'e2e-broken'];
  let workspace: Workspace;
  let base: string;

  beforeAll(async () => {
    await removeImages(...images);
    const own = await baseOfItsOwn('e2e-packaged');
    base = own.base;
    const settings = (more: object): string => JSON.stringify({ version: 1, command: ['speed'], ...more });
    const names = images.map((name) => [`apps/${name}/project.json`, JSON.stringify({ name })]);
    workspace = await createWorkspace(NEWEST, {
      'nx.json': own.nxJson,
      ...(Object.fromEntries(names) as Record<string, string>),
      ...extensionProject('apps/e2e-packaged'),
      'apps/e2e-packaged/docker-python.json': settings({}),
      ...extensionProject('apps/e2e-in-place'),
      'apps/e2e-in-place/docker-python.json': settings({ install: 'in-place' }),
      // A source distribution without wheels, and a wheel that opens a library by its name.
      'apps/e2e-native/requirements.txt': 'psycopg2==2.9.10\npython-magic==0.4.27\n',
      'apps/e2e-native/main.py':
        'import magic, psycopg2\nprint(magic.from_buffer(b"%PDF-1.4"), psycopg2.__libpq_version__)\n',
      'apps/e2e-broken/requirements.txt': 'psycopg2==2.9.10\n',
      'apps/e2e-broken/main.py': 'import psycopg2\n',
      'apps/e2e-broken/docker-python.json': JSON.stringify({
        version: 1,
        command: ['python', 'main.py'],
        systemPackages: { infer: false, build: ['gcc', 'libc6-dev', 'libpq-dev'] },
      }),
    });
    for (const image of images) await workspace.nx('g', 'docker-python:setup', `apps/${image}`);
    await workspace.commit('set up');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(...images, base);
  });

  /** Kept for a second attempt: what differs by chance is the same at most times. */
  const digests = new Set<string>();

  it('becomes a wheel by default, and the image is reproducible', async () => {
    await workspace.nx('docker-build', 'e2e-packaged');
    expect(await docker('run', '--rm', 'e2e-packaged')).toMatch(
      /^42 1\.2\.3 \/opt\/venv\/.*\/speed\/_fast\..*\.so$/,
    );
    const files = await docker(
      'run',
      '--rm',
      'e2e-packaged',
      'sh',
      '-c',
      'cat /opt/venv/lib/python3*/site-packages/speed-*/RECORD; find /app -type f; which gcc || true',
    );
    expect(files).toContain('INSTALLER');
    expect(files).not.toMatch(/direct_url|uv_cache|\/app\/.*\.(py|c)$|gcc/m);
    digests.add((await manifestOf('e2e-packaged')).digest);
    await workspace.nx('docker-build', 'e2e-packaged', '--no-cache', '--skip-nx-cache');
    digests.add((await manifestOf('e2e-packaged')).digest);
    expect(digests.size).toBe(1);
  });

  it('is built in place on request', async () => {
    await workspace.nx('docker-build', 'e2e-in-place');
    expect(await docker('run', '--rm', 'e2e-in-place')).toMatch(
      /^42 1\.2\.3 \/app\/apps\/e2e-in-place\/speed\/_fast\..*\.so$/,
    );
  });

  it('of dependencies has the system packages that it needs, and setup says for whom', async () => {
    const report = await workspace.nx('g', 'docker-python:setup', 'apps/e2e-native');
    expect(report).toMatch(/libpq5\s+from psycopg2, compiled from source/);
    expect(report).toMatch(/libmagic1\s+from python-magic/);
    await workspace.nx('docker-build', 'e2e-native');
    expect(await docker('run', '--rm', 'e2e-native')).toMatch(/^PDF document, version 1\.4 \d+$/);
    expect(await docker('run', '--rm', 'e2e-native', 'sh', '-c', 'which gcc || echo none')).toBe('none');
  });

  it('that lacks a shared library at run time fails the build by name', async () => {
    const { exitCode, output } = await workspace.tryNx('docker-build', 'e2e-broken');
    expect(exitCode).not.toBe(0);
    expect(output).toContain('libpq.so.5, needed by psycopg2 2.9.10');
    expect(output).toContain('Add to docker-python.json: "systemPackages": { "runtime": ["libpq5"] }');
  });
});
