import { memoryFiles } from '../files';
import type { ManagerName } from '../types';
import { chooseManager, MANAGERS } from './index';
import { failureOf } from '../../testing/failures';

/** An error, or a finding, with at least these fields. */
const matching = (fields: object): Error => {
  const matcher: unknown = expect.objectContaining(fields);
  return matcher as Error;
};

const PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask"]\n';
const backend = (module: string) => `[build-system]\nrequires = []\nbuild-backend = "${module}"\n`;
const HASHED = 'flask==3.1.0 --hash=sha256:00\n';
const UV_LOCK = '[[package]]\nname = "x"\nsource = { virtual = "." }\n';
const POETRY_LOCK = '[[package]]\nname = "flask"\nversion = "3.1.0"\n[metadata]\n';

const choose = (
  files: Record<string, string>,
  override?: ManagerName,
  more: { groups?: string[]; extras?: string[] } = {},
) =>
  chooseManager(
    {
      files: memoryFiles(
        Object.fromEntries(
          Object.entries(files).map(([name, text]) => [
            name.startsWith('/') ? name.slice(1) : `a/${name}`,
            text,
          ]),
        ),
      ),
      root: 'a',
      extras: [],
      groups: [],
      ...more,
    },
    override && { manager: { value: override, from: 'docker-python.json' } },
  );

test.each<[string, Record<string, string>, ManagerName, string]>([
  ['requirements.txt', { 'requirements.txt': 'flask' }, 'pip', 'a/requirements.txt'],
  [
    'uv.lock',
    { 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK, 'requirements.txt': 'flask' },
    'uv',
    'a/uv.lock',
  ],
  ['poetry.lock', { 'pyproject.toml': '[tool.poetry]', 'poetry.lock': '' }, 'poetry', 'a/poetry.lock'],
  ['pdm.lock', { 'pyproject.toml': PROJECT, 'pdm.lock': '' }, 'pdm', 'a/pdm.lock'],
  ['pylock.toml', { 'pylock.toml': 'lock-version = "1.0"' }, 'pylock', 'a/pylock.toml'],
  ['Pipfile.lock', { Pipfile: '', 'Pipfile.lock': '{}' }, 'pipenv', 'a/Pipfile.lock'],
  ['Pipfile', { Pipfile: '' }, 'pipenv', 'a/Pipfile'],
  [
    'a list beats [project]',
    { 'pyproject.toml': PROJECT, 'requirements.txt': 'flask' },
    'pip',
    'a/requirements.txt',
  ],
  [
    'a list beats tool settings',
    { 'pyproject.toml': '[tool.black]\n[tool.uv]', 'requirements.txt': 'flask' },
    'pip',
    'a/requirements.txt',
  ],
  [
    'an empty list does not',
    { 'pyproject.toml': PROJECT, 'requirements.txt': '# none' },
    'setuptools',
    'a/pyproject.toml',
  ],
  ['an empty list alone is enough', { 'requirements.txt': '# none' }, 'pip', 'a/requirements.txt'],
  ['uv without lock', { 'pyproject.toml': `${PROJECT}[tool.uv]\n` }, 'uv', 'a/pyproject.toml'],
  ['uv_build', { 'pyproject.toml': PROJECT + backend('uv_build') }, 'uv', 'a/pyproject.toml'],
  [
    'poetry without lock',
    { 'pyproject.toml': '[tool.poetry.dependencies]\nflask = "*"' },
    'poetry',
    'a/pyproject.toml',
  ],
  [
    'poetry-core',
    { 'pyproject.toml': PROJECT + backend('poetry.core.masonry.api') },
    'poetry',
    'a/pyproject.toml',
  ],
  ['pdm-backend', { 'pyproject.toml': PROJECT + backend('pdm.backend') }, 'pdm', 'a/pyproject.toml'],
  ['hatchling', { 'pyproject.toml': PROJECT + backend('hatchling.build') }, 'hatch', 'a/pyproject.toml'],
  ['flit', { 'pyproject.toml': PROJECT + backend('flit_core.buildapi') }, 'flit', 'a/pyproject.toml'],
  [
    'setuptools',
    { 'pyproject.toml': PROJECT + backend('setuptools.build_meta') },
    'setuptools',
    'a/pyproject.toml',
  ],
  ['no backend', { 'pyproject.toml': PROJECT }, 'setuptools', 'a/pyproject.toml'],
  ['setup.cfg', { 'setup.cfg': '[options]\ninstall_requires =\n  flask' }, 'setuptools', 'a/setup.cfg'],
  ['setup.py', { 'setup.py': '', 'setup.cfg': '[flake8]' }, 'setuptools', 'a/setup.py'],
  ['requirements.in alone', { 'requirements.in': 'flask' }, 'pip', 'a/requirements.in'],
  [
    'requirements.in beside its lock',
    { 'requirements.in': 'flask', 'requirements.txt': HASHED },
    'pip',
    'a/requirements.txt',
  ],
  [
    'production first',
    { 'requirements.txt': 'a', 'requirements/prod.txt': 'b', 'requirements/dev.txt': 'c' },
    'pip',
    'a/requirements/prod.txt',
  ],
  [
    'production.txt',
    { 'requirements/base.txt': 'a', 'requirements/production.txt': 'b' },
    'pip',
    'a/requirements/production.txt',
  ],
  [
    'base.txt',
    { 'requirements/base.txt': 'a', 'requirements/test.txt': 'b' },
    'pip',
    'a/requirements/base.txt',
  ],
  ['default.txt', { 'requirements/default.txt': 'a' }, 'pip', 'a/requirements/default.txt'],
  [
    'docker-requirements.txt',
    { 'docker-requirements.txt': 'a', 'requirements.txt': 'b' },
    'pip',
    'a/docker-requirements.txt',
  ],
  ['deploy.txt', { 'deploy.txt': 'a' }, 'pip', 'a/deploy.txt'],
  ['requirements.pip', { 'requirements.pip': 'a' }, 'pip', 'a/requirements.pip'],
  ['no suffix', { requirements: 'a' }, 'pip', 'a/requirements'],
  [
    'a broken pyproject beside a list',
    { 'pyproject.toml': '[', 'requirements.txt': HASHED },
    'pip',
    'a/requirements.txt',
  ],
])('%s', (_, files, manager, from) => expect(choose(files).manager).toEqual({ value: manager, from }));

describe('two locks', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'uv and poetry',
      { 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK, 'poetry.lock': '' },
      ['uv.lock', 'poetry.lock'],
    ],
    [
      'poetry and Pipfile',
      { 'pyproject.toml': '', 'poetry.lock': '', Pipfile: '', 'Pipfile.lock': '{}' },
      ['poetry.lock', 'Pipfile.lock'],
    ],
    [
      'uv and a hashed list',
      { 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK, 'requirements.txt': HASHED },
      ['uv.lock', 'requirements.txt'],
    ],
    [
      'pylock of another',
      { 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK, 'pylock.toml': 'created-by = "pdm"' },
      ['uv.lock', 'pylock.toml'],
    ],
  ])('%s: an error that names both, and the setting', (_, files, names) => {
    const message = expect.stringMatching(new RegExp(names.join('.*')));
    expect(() => choose(files)).toThrow(
      matching({ code: 'AMBIGUOUS_MANAGER', message, hint: expect.stringContaining('"manager"') }),
    );
  });

  test.each<[string, Record<string, string>]>([
    [
      'uv export',
      {
        'requirements.txt': `# This file was autogenerated by uv via the following command:\n#    uv export\n${HASHED}`,
      },
    ],
    [
      'pip-compile',
      { 'requirements.txt': `#\n# This file is autogenerated by pip-compile with Python 3.12\n${HASHED}` },
    ],
    ['a list without hashes', { 'requirements.txt': 'flask==3.1.0' }],
    ['pylock of uv', { 'pylock.toml': 'created-by = "uv"' }],
  ])('%s beside uv.lock is fine', (_, more) =>
    expect(choose({ 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK, ...more }).manager.value).toBe('uv'),
  );

  test('a list of nothing but what poetry.lock pins is an export', () => {
    const manifest = '[tool.poetry.dependencies]\nflask = "*"\n';
    expect(
      choose({ 'pyproject.toml': manifest, 'poetry.lock': POETRY_LOCK, 'requirements.txt': HASHED }).manager
        .value,
    ).toBe('poetry');
  });
});

describe('the setting', () => {
  test('decides between two', () => {
    expect(
      choose({ 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK, 'poetry.lock': '' }, 'poetry').manager.value,
    ).toBe('poetry');
  });
  test('a plain pyproject.toml is enough for it', () =>
    expect(choose({ 'pyproject.toml': PROJECT, 'requirements.txt': 'a' }, 'uv').manager.value).toBe('uv'));
  test.each(MANAGERS.map(({ name }) => name))('%s without its files: what is missing', (name) => {
    const code = name === 'pip' ? 'REQUIREMENTS_MISSING' : 'LOCK_MISSING';
    expect(() => choose({ 'main.py': '' }, name)).toThrow(
      matching({ code, message: expect.stringContaining('docker-python.json') }),
    );
  });
});

test.each([
  ['requirement.txt', 'requirements.txt'],
  ['pyproject.tml', 'pyproject.toml'],
  ['pipfile', 'Pipfile'],
  ['poety.lock', 'poetry.lock'],
])('%s is pointed out', (name, meant) => {
  const hint = expect.stringContaining(`Is ${name} meant to be ${meant}?`);
  expect(() => choose({ [name]: '', 'package.json': '{}', 'README.md': '' })).toThrow(
    matching({ code: 'NOT_A_PYTHON_PROJECT', hint }),
  );
});

test('other files are not', () => {
  expect(() => choose({ 'package.json': '{}', 'README.md': '', 'main.py': '' })).toThrow(
    matching({ hint: expect.not.stringContaining('meant') }),
  );
});

describe('uv workspaces', () => {
  const root = {
    '/pyproject.toml': '[tool.uv.workspace]\nmembers = ["*"]\nexclude = ["old"]\n',
    '/uv.lock': `${UV_LOCK.replace('"."', '"a"')}dependencies = [{ name = "core" }]\n[[package]]\nname = "core"\nsource = { editable = "core" }\n`,
  };

  test('the lock of the workspace counts', () => {
    const facts = choose({ ...root, 'pyproject.toml': PROJECT, '/core/pyproject.toml': PROJECT });
    expect(facts.lock?.value).toBe('uv.lock');
    expect(facts.recipe.files).toEqual(['a/docker/requirements.lock']);
    expect(facts.shared?.exporter.files).toEqual([
      'a/pyproject.toml',
      'core/pyproject.toml',
      'pyproject.toml',
      'uv.lock',
    ]);
    expect(facts.localPackages).toEqual([{ path: 'core', from: 'uv.lock' }]);
    expect(facts.findings).toEqual([]);
  });
  test('a lock inside of a member is a finding', () => {
    const facts = choose({ ...root, 'pyproject.toml': PROJECT, 'uv.lock': UV_LOCK });
    expect(facts.lock?.value).toBe('uv.lock');
    expect(facts.findings).toEqual([
      matching({ code: 'stray-lock', message: expect.stringContaining('a/uv.lock') }),
    ]);
  });
  test.each(['members = ["apps/*"]', 'members = ["*"]\nexclude = ["a"]'])(
    'no member with %s: its own lock',
    (workspace) => {
      const facts = choose({
        '/pyproject.toml': `[tool.uv.workspace]\n${workspace}`,
        '/uv.lock': '',
        'pyproject.toml': PROJECT,
        'uv.lock': UV_LOCK,
      });
      expect(facts.lock?.value).toBe('a/uv.lock');
    },
  );
});

describe('a list that the user chose', () => {
  const LISTS = {
    'pyproject.toml': PROJECT,
    'uv.lock': UV_LOCK,
    'requirements.txt': 'flask',
    'requirements/web.txt': 'django\n-r common.txt',
    'requirements/common.txt': 'six',
  };
  const chosen = (value: string, manager?: ManagerName) =>
    chooseManager(
      {
        files: memoryFiles(
          Object.fromEntries(Object.entries(LISTS).map(([name, text]) => [`a/${name}`, text])),
        ),
        root: 'a',
        extras: [],
        groups: [],
      },
      {
        requirements: { value, from: '"requirements" in a/docker-python.json' },
        ...(manager ? { manager: { value: manager, from: 'x' } } : {}),
      },
    );

  it.each([undefined, 'pip'] as const)(
    'beats every lock and every other list, with the manager %s',
    (manager) => {
      const facts = chosen('requirements/web.txt', manager);
      expect(facts.manager).toEqual({ value: 'pip', from: 'a/requirements/web.txt' });
      expect(facts.requirements.map(({ name }) => name)).toEqual(['django', 'six']);
      expect(facts.recipe.files).toEqual(['a/requirements/common.txt', 'a/requirements/web.txt']);
    },
  );

  it('has to be there', () => {
    expect(failureOf(() => chosen('requirements/wep.txt'))).toMatchObject({
      code: 'REQUIREMENTS_MISSING',
      message:
        'a/requirements/wep.txt is not there, the list that "requirements" in a/docker-python.json names.',
    });
  });

  it('is none of another manager', () => {
    expect(failureOf(() => chosen('requirements/web.txt', 'uv'))).toMatchObject({ code: 'INVALID_SETTINGS' });
  });
});
