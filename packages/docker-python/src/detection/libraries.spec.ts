import { failureOf } from '../testing/failures';
import { memoryFiles } from './files';
import { readLibraries, type Library } from './libraries';

const HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';

function read(files: Readonly<Record<string, string>>, ...paths: string[]): readonly Library[] {
  return readLibraries(
    memoryFiles(files),
    'apps/api',
    paths.map((path) => ({ path, from: 'uv.lock' })),
  );
}

describe('a library', () => {
  it.each<[string, Record<string, string>, Library['form']]>([
    [
      'with a backend is a wheel',
      { 'libs/a/pyproject.toml': HATCH },
      { value: 'wheel', from: 'build-system in libs/a/pyproject.toml' },
    ],
    ['with a setup.py is a wheel', { 'libs/a/setup.py': '' }, { value: 'wheel', from: 'libs/a/setup.py' }],
    [
      'without either stays in place',
      { 'libs/a/pyproject.toml': '[project]\nname = "a"\n' },
      { value: 'in-place', from: 'no build-system in libs/a/pyproject.toml' },
    ],
    [
      'that uv does not package stays in place',
      { 'libs/a/pyproject.toml': `${HATCH}[tool.uv]\npackage = false\n` },
      { value: 'in-place', from: '"package = false" in libs/a/pyproject.toml' },
    ],
    [
      'that Poetry does not package stays in place',
      { 'libs/a/pyproject.toml': `${HATCH}[tool.poetry]\npackage-mode = false\n` },
      { value: 'in-place', from: '"package-mode = false" in libs/a/pyproject.toml' },
    ],
  ])('%s', (_, files, form) => {
    expect(read(files, 'libs/a')[0]!.form).toEqual(form);
  });

  it('has its own name, what it declares, and the files that its build reads', () => {
    const pyproject = `[project]\nname = "Acme.Money"\nreadme = "README.md"\ndependencies = ["iniconfig>=2"]\n${HATCH}`;
    const files = {
      'libs/a/pyproject.toml': pyproject,
      'libs/a/README.md': 'x',
      'libs/a/src/money/__init__.py': '',
    };
    const [library] = read(files, 'libs/a');
    expect(library).toMatchObject({ distribution: 'acme-money', requirements: [{ name: 'iniconfig' }] });
    expect(library!.build.manifests).toEqual(['libs/a/README.md', 'libs/a/pyproject.toml']);
  });

  it('that somebody built is installed as it is', () => {
    const [library] = read({ 'vendor/acme-1.0-py3-none-any.whl': '' }, 'vendor/acme-1.0-py3-none-any.whl');
    expect(library).toMatchObject({ distribution: 'acme', form: { value: 'archive' } });
  });
});

it('is each once, sorted, without the project itself', () => {
  const files = { 'libs/a/setup.py': '', 'libs/b/setup.py': '' };
  expect(read(files, 'libs/b', 'apps/api', 'libs/a', 'libs/b').map(({ root }) => root)).toEqual([
    'libs/a',
    'libs/b',
  ]);
});

it.each([{}, { 'libs/gone/notes.txt': '' }])('is missed by name where it is not there: %j', (files) => {
  expect(failureOf(() => read(files, 'libs/gone'))).toMatchObject({
    code: 'LOCAL_PACKAGE_MISSING',
    message: expect.stringContaining('uv.lock needs the local package libs/gone') as string,
  });
});

it('brings the libraries that it needs itself, those of its extras only if they are asked for', () => {
  const files = {
    'libs/a/pyproject.toml':
      '[project]\nname = "a"\ndependencies = ["b @ file:../b"]\n[project.optional-dependencies]\nfast = ["c @ file:../c"]\n',
    'libs/b/pyproject.toml': '[project]\nname = "b"\ndependencies = ["a @ file:../a"]\n',
    'libs/c/setup.py': '',
  };
  const read = (extras: readonly string[]): readonly string[] =>
    readLibraries(memoryFiles(files), 'apps/api', [{ path: 'libs/a', from: 'x', extras }]).map(
      ({ root }) => root,
    );
  expect(read([])).toEqual(['libs/a', 'libs/b']);
  expect(read(['fast'])).toEqual(['libs/a', 'libs/b', 'libs/c']);
});
