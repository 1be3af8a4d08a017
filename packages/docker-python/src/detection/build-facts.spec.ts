import { readBuildFacts } from './build-facts';
import { readDjangoFacts } from './django-facts';
import { memoryFiles } from './files';

const facts = (files: Readonly<Record<string, string>>): ReturnType<typeof readBuildFacts> =>
  readBuildFacts(memoryFiles(files), '.');

describe('what has to be compiled', () => {
  it.each([
    [
      'maturin',
      { 'pyproject.toml': '[build-system]\nrequires=["maturin"]\nbuild-backend="maturin"' },
      'backend',
    ],
    [
      'scikit-build-core',
      { 'pyproject.toml': '[build-system]\nbuild-backend="scikit_build_core.build"' },
      'backend',
    ],
    ['setup.py', { 'setup.py': 'setup(ext_modules=[Extension("a", ["a.c"])])' }, 'extensions'],
    ['Cython', { 'setup.py': 'setup(**{"x": cythonize("a.pyx")})' }, 'extensions'],
    [
      'pyproject.toml',
      { 'pyproject.toml': '[[tool.setuptools.ext-modules]]\nname="a"\nsources=["a.c"]' },
      'extensions',
    ],
    ['nothing of a comment', { 'setup.py': '# ext_modules = []\nsetup()' }, undefined],
    [
      'nothing of hatchling',
      { 'pyproject.toml': '[build-system]\nbuild-backend="hatchling.build"' },
      undefined,
    ],
    ['nothing of no manifest', {}, undefined],
  ])('%s', (_, files, kind) => {
    expect(facts(files).compiled?.value).toBe(kind);
  });
});

describe('a dynamic version', () => {
  const project = '[project]\nname = "my-api"\ndynamic = ["version"]\n';

  it.each([
    [
      'of the package',
      { 'pyproject.toml': project, 'src/my_api/__init__.py': '__version__: str = "1.2"' },
      'src/my_api/__init__.py',
    ],
    [
      'of hatch',
      { 'pyproject.toml': `${project}[tool.hatch.version]\npath = "v.py"`, 'v.py': "VERSION = '3'" },
      'v.py',
    ],
    [
      'of setuptools',
      {
        'pyproject.toml': `${project}[tool.setuptools.dynamic]\nversion = {attr = "a.b.__version__"}`,
        'a/b.py': '__version__ = "1"',
      },
      'a/b.py',
    ],
  ])('%s is found', (_, files, path) => {
    expect(facts(files)).toMatchObject({ versionFile: path, versionUnknown: false });
  });

  it.each([
    ['git', `${project}[tool.hatch.version]\nsource = "vcs"`],
    ['nobody', project],
  ])('that comes from %s is unknown', (_, text) => {
    expect(facts({ 'pyproject.toml': text, 'other/__init__.py': '__version__ = "1"' }).versionUnknown).toBe(
      true,
    );
  });
});

describe('settings of Django', () => {
  const manage = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")';
  const django = (files: Readonly<Record<string, string>>): ReturnType<typeof readDjangoFacts> =>
    readDjangoFacts(memoryFiles(files), '.', ['.']);

  it('are read with what they include', () => {
    expect(
      django({
        'manage.py': manage,
        'shop/settings/__init__.py': '',
        'shop/settings/production.py': 'from .base import *\nINSTALLED_APPS += ["django.contrib.gis"]\n',
        'shop/settings/base.py':
          'THIRD_APPS = ("a",)\nINSTALLED_APPS = ["django.contrib.staticfiles", *THIRD_APPS]\nSTATIC_ROOT = BASE / "x"\n',
      }),
    ).toEqual({
      settings: { value: 'shop.settings.production', from: 'manage.py' },
      folder: '.',
      apps: expect.arrayContaining(['django.contrib.gis', 'django.contrib.staticfiles', 'a']),
      staticRoot: 'STATIC_ROOT in shop/settings/base.py',
    });
  });

  it.each([
    ['a comment', '# STATIC_ROOT = "x"'],
    ['None', 'STATIC_ROOT = None'],
    ['another name', 'OLD_STATIC_ROOT = "x"'],
    ['a function', 'def f():\n    STATIC_ROOT = "x"\n'],
  ])('have no STATIC_ROOT in %s', (_, text) => {
    const found = django({ 'manage.py': manage, 'shop/settings/production.py': text });
    expect(found?.staticRoot).toBeUndefined();
  });

  it('are none without manage.py', () => {
    expect(django({ 'manage.py': 'print("not of Django")' })).toBeUndefined();
  });
});
