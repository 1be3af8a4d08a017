import { memoryFiles } from '../files';
import type { DependencyFacts } from '../types';
import { chooseManager } from './index';

/** An error, or a finding, with at least these fields. */
const matching = (fields: object): Error => {
  const matcher: unknown = expect.objectContaining(fields);
  return matcher as Error;
};

const PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask"]\n';
const facts = (
  files: Record<string, string>,
  more: { extras?: string[]; groups?: string[] } = {},
): DependencyFacts =>
  chooseManager({ files: memoryFiles(files), root: 'a', extras: [], groups: [], ...more });
const lines = ({ recipe }: DependencyFacts) => recipe.commands.map((command) => command.join(' '));
const SCRIPT = 'python {scripts}/requirements.py';

test('pip, all pinned and hashed: the list itself, without a resolver', () => {
  const found = facts({
    'a/requirements.txt': '-r more/b.txt\n-e .\n-e ../lib\nflask==3 --hash=sha256:00 # why\n',
    'a/more/b.txt': 'https://h.invalid/c-1.zip --hash=sha256:11\nd @ git+https://git.invalid/d\n',
    'lib/setup.py': '',
  });
  expect(found.recipe).toEqual({
    tools: [],
    files: ['a/more/b.txt', 'a/requirements.txt'],
    commands: [['python', '{scripts}/requirements.py', 'list', '{output}', 'requirements.txt']],
    network: false,
    hashed: false,
  });
  expect(found.requirements).toEqual([{ name: 'flask', version: '3' }, { name: 'c' }, { name: 'd' }]);
  expect(found.localPackages).toEqual([{ path: 'lib', from: 'a/requirements.txt:3', extras: [] }]);
  expect(found.findings).toEqual([]);
});

test('pip, not pinned: resolved with its constraints and options, and a finding', () => {
  const found = facts({
    'a/requirements.txt':
      'flask\ngunicorn==23\n--extra-index-url https://${TOKEN}@index.invalid/simple\n--pre\n-c c.txt',
    'a/c.txt': 'werkzeug<4',
  });
  expect(lines(found)).toEqual([
    `${SCRIPT} input {output}.in {output}.constraints requirements.txt`,
    'uv pip compile {output}.in --constraints {output}.constraints --prerelease allow --generate-hashes --no-header --no-annotate --quiet --output-file {output}',
    `${SCRIPT} options {output} requirements.txt`,
  ]);
  expect(found.recipe).toMatchObject({
    tools: ['uv==0.13.9'],
    files: ['a/c.txt', 'a/requirements.txt'],
    network: true,
    hashed: true,
  });
  expect(found.findings).toEqual([
    matching({
      code: 'unlocked',
      message: expect.stringContaining('1 of its 2 entries: flask (a/requirements.txt:1)'),
    }),
  ]);
  expect(found.lock).toBeUndefined();
});

test('pip, pinned without hashes: a finding of its own', () => {
  expect(facts({ 'a/requirements.txt': 'flask==3' }).findings.map(({ code }) => code)).toEqual(['unhashed']);
});

test('pip installs the project itself: its manifest is resolved as well', () => {
  const found = facts({
    'a/requirements.txt': '-e .[server]',
    'a/pyproject.toml': `${PROJECT}readme = "README.md"`,
    'a/README.md': '',
  });
  expect(lines(found)[1]).toMatch(/^uv pip compile pyproject.toml \{output\}.in --extra server /);
  expect(found.recipe.files).toEqual(['a/README.md', 'a/pyproject.toml', 'a/requirements.txt']);
  expect(found.localPackages).toEqual([]);
});

test('pip, a local folder of wheels is refused', () => {
  expect(() => facts({ 'a/requirements.txt': '--find-links ./wheels\nx' })).toThrow(
    matching({ code: 'UNSUPPORTED_PATH' }),
  );
});

const UV_LOCK = `
requires-python = ">=3.11"
[[package]]
name = "x"
source = { virtual = "." }
dependencies = [{ name = "flask", extra = ["async"] }, { name = "colorama", marker = "sys_platform == 'win32'" }]
[package.optional-dependencies]
server = [{ name = "gunicorn" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
tracing = [{ name = "structlog" }]
[[package]]
name = "flask"
version = "3.1.0"
source = { registry = "https://index.invalid/simple" }
wheels = [{ url = "https://h.invalid/flask-3.1.0-py3-none-any.whl", hash = "sha256:00" }]
[package.optional-dependencies]
async = [{ name = "asgiref" }]
[[package]]
name = "asgiref"
version = "3.8"
source = { registry = "https://index.invalid/simple" }
sdist = { url = "https://h.invalid/asgiref-3.8.tar.gz", hash = "sha256:00" }
[[package]]
name = "gunicorn"
version = "23.0.0"
source = { git = "https://git.invalid/gunicorn?rev=1#2" }
[[package]]
name = "colorama"
version = "1"
[[package]]
name = "pytest"
version = "1"
[[package]]
name = "structlog"
version = "1"
`;

test('uv: what one project needs in production, by its own export', () => {
  const files = { 'a/pyproject.toml': PROJECT, 'a/uv.lock': UV_LOCK };
  const found = facts(files);
  expect(found.requirements).toEqual([
    { name: 'flask', version: '3.1.0', wheels: ['flask-3.1.0-py3-none-any.whl'] },
    { name: 'asgiref', version: '3.8', wheels: [] },
  ]);
  expect(lines(found)).toEqual([
    'uv export --locked --no-default-groups --no-emit-local --no-header --no-annotate --format requirements.txt --quiet --output-file {output}',
  ]);
  expect(found.recipe).toMatchObject({
    tools: ['uv==0.13.9'],
    files: ['a/pyproject.toml', 'a/uv.lock'],
    hashed: true,
  });
  const chosen = facts(files, { extras: ['server'], groups: ['tracing'] });
  expect(chosen.requirements.map(({ name }) => name)).toEqual(['flask', 'gunicorn', 'structlog', 'asgiref']);
  expect(chosen.recipe.hashed).toBe(false);
  expect(lines(chosen)[0]).toContain('--extra server --group tracing');
});

test.each([
  ['>=0.5', ['uv==0.13.9'], []],
  ['==0.8.4', ['uv==0.8.4'], ['untested-tool']],
  ['0.8.4', ['uv==0.8.4'], ['untested-tool']],
])('uv: required-version %s', (asked, tools, findings) => {
  const found = facts({
    'a/pyproject.toml': `${PROJECT}[tool.uv]\nrequired-version = "${asked}"`,
    'a/uv.lock': UV_LOCK,
  });
  expect(found.recipe.tools).toEqual(tools);
  expect(found.findings.map(({ code }) => code)).toEqual(findings);
});

test('a lock that refers to a folder outside of the workspace is an error that names it', () => {
  const lock = UV_LOCK.replace(
    '{ registry = "https://index.invalid/simple" }',
    '{ editable = "../../flask" }',
  );
  expect(() => facts({ 'a/pyproject.toml': PROJECT, 'a/uv.lock': lock })).toThrow(
    matching({ code: 'OUTSIDE_WORKSPACE', message: expect.stringContaining('a/uv.lock') }),
  );
});

test('uv: indexes that the project names are named in the list', () => {
  const index = '[[tool.uv.index]]\nname = "ours"\nurl = "https://index.invalid/simple"\n';
  expect(lines(facts({ 'a/pyproject.toml': PROJECT + index, 'a/uv.lock': UV_LOCK }))[0]).toContain(
    '--emit-index-url',
  );
});

test('uv: without a hash in the lock none can be insisted on', () => {
  const lock = UV_LOCK.replace(', hash = "sha256:00"', '');
  expect(facts({ 'a/pyproject.toml': PROJECT, 'a/uv.lock': lock }).recipe.hashed).toBe(false);
});

test('uv: a range without the tested version is an error that says what to write', () => {
  const files = {
    'a/pyproject.toml': PROJECT,
    'a/uv.toml': 'required-version = "<0.9"',
    'a/uv.lock': UV_LOCK,
  };
  expect(() => facts(files)).toThrow(
    matching({ code: 'UNSUPPORTED_PROJECT', message: expect.stringContaining('a/uv.toml') }),
  );
});

const POETRY = `
[tool.poetry.dependencies]
python = "^3.11"
flask = { version = "^3", extras = ["async"] }
gunicorn = { version = "*", optional = true }
core = { path = "../core" }
[tool.poetry.extras]
server = ["gunicorn"]
[tool.poetry.group.tracing.dependencies]
structlog = "*"
[tool.poetry.group.dev.dependencies]
pytest = "*"
`;
const POETRY_LOCK = `# This file is automatically @generated by Poetry 1.8.3 and should not be changed by hand.
${[
  [
    'flask',
    'files = [{file = "flask-3-py3-none-any.whl"}, {file = "flask-3.tar.gz"}]\n[package.dependencies]\nclick = [{version = ">=8"}]\nasgiref = {version = "*", optional = true}\n[package.extras]\nasync = ["asgiref (>=3.2)"]',
  ],
  ['click'],
  ['asgiref'],
  ['gunicorn'],
  ['structlog'],
  ['pytest'],
  ['core', '[package.source]\ntype = "directory"\nurl = "../core"'],
]
  .map(([name, rest = '']) => `[[package]]\nname = "${name}"\nversion = "3"\n${rest}\n`)
  .join('')}`;

test('poetry: closure, export, local packages', () => {
  const files = { 'a/pyproject.toml': POETRY, 'a/poetry.lock': POETRY_LOCK, 'core/pyproject.toml': '' };
  const found = facts(files, { extras: ['server'], groups: ['tracing'] });
  expect(found.requirements.map(({ name }) => name)).toEqual([
    'flask',
    'gunicorn',
    'structlog',
    'click',
    'asgiref',
  ]);
  expect(found.requirements[0]).toEqual({
    name: 'flask',
    version: '3',
    wheels: ['flask-3-py3-none-any.whl'],
  });
  expect(found.localPackages).toEqual([{ path: 'core', from: 'a/poetry.lock' }]);
  expect(found.recipe.files).toEqual(['a/poetry.lock', 'a/pyproject.toml', 'core/pyproject.toml']);
  expect(found.recipe.tools).toContain('poetry==2.5.1');
  expect(lines(found)).toEqual([
    'poetry export --extras server --with tracing --no-interaction --format requirements.txt --output {output}',
    `${SCRIPT} list {output} {output}`,
  ]);
});

test('poetry: on an old Python the Poetry of that time, asked whether the lock is fresh', () => {
  const found = facts({
    'a/pyproject.toml': POETRY,
    'a/poetry.lock': POETRY_LOCK,
    'a/.python-version': '3.9',
  });
  expect(found.recipe.tools).toContain('poetry==1.8.5');
  expect(lines(found)[0]).toBe('poetry lock --check --no-interaction');
});

test('pdm: groups of its lock are followed by need; extras are entries of their own', () => {
  const lock = ['flask', 'click', 'pytest', 'gunicorn']
    .map((name) => `[[package]]\nname = "${name}"\nversion = "1"\n`)
    .join('');
  const found = facts(
    {
      'a/pyproject.toml': `${PROJECT.replace('"flask"', '"flask[cli]"')}[dependency-groups]\nweb = ["gunicorn"]\n[tool.pdm]\n`,
      'a/pdm.lock': `${lock}[[package]]\nname = "flask"\nversion = "1"\nextras = ["cli"]\ndependencies = ["click>=8", "flask==1"]\n`,
    },
    { groups: ['web'] },
  );
  expect(found.requirements.map(({ name }) => name)).toEqual(['flask', 'gunicorn', 'click']);
  expect(lines(found)).toEqual([
    'pdm lock --check',
    'pdm export --group web --format requirements --output {output}',
    `${SCRIPT} list {output} {output}`,
  ]);
});

test('pipenv: categories, indexes, local packages', () => {
  const source = (name: string) => `[[source]]\nname = "${name}"\nurl = "https://index.invalid/simple"\n`;
  const files = {
    'a/Pipfile': `${source('pypi')}[packages]\nflask = "*"\n`,
    'a/Pipfile.lock': JSON.stringify({
      default: {
        flask: { version: '==3', hashes: ['sha256:00'] },
        core: { path: '../core', editable: true },
      },
      web: { gunicorn: { version: '==1', hashes: ['x'] } },
      develop: { pytest: {} },
    }),
  };
  const found = facts(files, { groups: ['web'] });
  expect(found.requirements).toEqual([
    { name: 'flask', version: '3' },
    { name: 'gunicorn', version: '1' },
  ]);
  expect(found.localPackages).toEqual([{ path: 'core', from: 'a/Pipfile.lock' }]);
  expect(lines(found)).toEqual([
    'pipenv verify',
    `${SCRIPT} capture {output} pipenv requirements --hash --categories packages web --exclude-index`,
    `${SCRIPT} list {output} {output}`,
  ]);
  expect(lines(facts({ ...files, 'a/Pipfile': source('pypi') + source('ours') }))[1]).not.toContain(
    '--exclude-index',
  );
});

test('pylock.toml: markers decide what belongs to an image', () => {
  const entry = (name: string, rest = '') =>
    `[[packages]]\nname = "${name}"\nversion = "1"\nwheels = [{ url = "https://h.invalid/${name}-1-py3-none-any.whl" }]\n${rest}\n`;
  const found = facts(
    {
      'a/pylock.toml':
        entry('flask') +
        entry('pytest', `marker = "'dev' in dependency_groups"`) +
        entry('gunicorn', `marker = "'server' in extras"`),
    },
    { extras: ['server'] },
  );
  expect(found.requirements.map(({ name }) => name)).toEqual(['flask', 'gunicorn']);
  expect(lines(found)).toEqual([`${SCRIPT} pylock {output} pylock.toml extra=server`]);
});

test('a manifest without lock: resolved in the image, with the files that its metadata is read from', () => {
  const found = facts({
    'a/pyproject.toml':
      '[build-system]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "my-x"\ndynamic = ["version", "dependencies"]\nreadme = "README.md"\n[tool.setuptools.dynamic]\ndependencies = { file = ["deps.txt"] }\nversion = { attr = "my_x.__version__" }\n',
    'a/deps.txt': 'flask>=3\ngunicorn==23',
    'a/README.md': '',
    'a/src/my_x/__init__.py': '',
    'a/other.txt': '',
  });
  expect(found.manager.value).toBe('setuptools');
  expect(found.recipe.files).toEqual([
    'a/README.md',
    'a/deps.txt',
    'a/pyproject.toml',
    'a/src/my_x/__init__.py',
  ]);
  expect(found.requirements).toEqual([{ name: 'flask' }, { name: 'gunicorn', version: '23' }]);
  expect(found.findings.map(({ code }) => code)).toEqual(['unlocked']);
});

test('the module of a dynamic version is read from where setuptools is told to look', () => {
  const found = facts({
    'a/pyproject.toml':
      '[project]\nname = "x"\ndynamic = ["version"]\n[tool.setuptools]\ndynamic.version = { attr = "shop.__version__" }\npackages.find.where = ["lib"]\n',
    'a/lib/shop/__init__.py': '',
    'a/other/shop/__init__.py': '',
  });
  expect(found.recipe.files).toEqual(['a/lib/shop/__init__.py', 'a/pyproject.toml']);
});

test('uv without a lock: the module of a dynamic version is needed to make one', () => {
  const files = {
    'a/pyproject.toml':
      '[project]\nname = "x"\ndynamic = ["version"]\ndependencies = ["flask"]\n[tool.uv]\npackage = true\n[tool.setuptools.dynamic]\nversion = { attr = "x.version.__version__" }\n',
    'a/x/version.py': '__version__ = "1"\n',
  };
  expect(facts(files).recipe.files).toEqual(['a/pyproject.toml', 'a/x/version.py']);
  const locked = facts({ ...files, 'a/uv.lock': 'version = 1\n' });
  expect(locked.recipe.files).toEqual(['a/pyproject.toml', 'a/uv.lock']);
});

test('dynamic optional dependencies count only where their extra was asked for, but are read all the same', () => {
  const files = {
    'a/pyproject.toml':
      '[project]\nname = "x"\ndynamic = ["dependencies", "optional-dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = "deps.txt" }\noptional-dependencies.test = { file = ["test.txt"] }\n',
    'a/deps.txt': 'flask',
    'a/test.txt': 'pytest',
  };
  const names = (extras: string[]) => facts(files, { extras }).requirements.map(({ name }) => name);
  expect(names([])).toEqual(['flask']);
  expect(names(['test'])).toEqual(['flask', 'pytest']);
  expect(facts(files).recipe.files).toEqual(['a/deps.txt', 'a/pyproject.toml', 'a/test.txt']);
});

test('setup.cfg and setup.py: direct requirements and the files that they open', () => {
  const found = facts(
    {
      'a/setup.cfg':
        '[metadata]\nlong_description = file: README.rst\n[options]\ninstall_requires =\n    flask>=3\n    # no\n    click ; os_name == "nt"\n[options.extras_require]\nserver = gunicorn\n',
      'a/setup.py':
        'setup(install_requires=["requests"], version=open(os.path.join(here, "pkg", "VERSION")).read())',
      'a/pkg/VERSION': '1',
      'a/README.rst': '',
    },
    { extras: ['server'] },
  );
  expect(found.requirements.map(({ name }) => name)).toEqual(['flask', 'click', 'gunicorn', 'requests']);
  expect(found.recipe.files).toEqual(['a/README.rst', 'a/pkg/VERSION', 'a/setup.cfg', 'a/setup.py']);
  expect(lines(facts({ 'a/setup.cfg': '[options]\n' }))[0]).toMatch(/^python -c /);
});
