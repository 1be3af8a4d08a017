import { text } from './types';

/** A described project with everything that says who manages it and which Python it runs on. For tests only. */
export interface Managed {
  readonly name: string;
  /** Project-relative path to text; `app.py` is a Flask application in all of them. */
  readonly files: Readonly<Record<string, string>>;
  readonly expect:
    { readonly manager: string; readonly python: string } | { readonly asks: string; readonly about: string };
}

const requires = 'flask\ngunicorn\n';
const hash = `--hash=sha256:${'a'.repeat(64)}`;
const list = { 'requirements.txt': requires };

const pyproject = (python: string, more = ''): string =>
  `[project]\nname = "api"\nversion = "1"\nrequires-python = "${python}"\ndependencies = ["flask", "gunicorn"]\n${more}`;

const backend = (name: string): string =>
  `[build-system]\nrequires = ["${name.split('.')[0]}"]\nbuild-backend = "${name}"\n`;

const uvLock = (python: string, wheels = ''): string =>
  `version = 1\nrequires-python = "${python}"\n[[package]]\nname = "api"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "flask" }, { name = "gunicorn" }]\n` +
  ['flask', 'gunicorn']
    .map(
      (name) =>
        `[[package]]\nname = "${name}"\nversion = "3.1"\nsource = { registry = "https://index.invalid/simple" }\n${wheels}`,
    )
    .join('');

const poetryLock =
  '[[package]]\nname = "flask"\nversion = "3.1"\nfiles = []\n[[package]]\nname = "gunicorn"\nversion = "23"\nfiles = []\n[metadata]\nlock-version = "2.1"\npython-versions = "^3.11"\ncontent-hash = "0"\n';
const poetry =
  '[tool.poetry]\nname = "api"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\nflask = "*"\ngunicorn = "*"\n';

export const MANAGED: readonly Managed[] = [
  { name: 'a list and nothing else', files: list, expect: { manager: 'pip', python: '3.13' } },
  {
    name: 'a list from pip-tools beside its source',
    files: {
      'requirements.in': requires,
      'requirements.txt': `flask==3.1 ${hash}\ngunicorn==23 ${hash}\n`,
    },
    expect: { manager: 'pip', python: '3.13' },
  },
  {
    name: 'a list for production and one for everything',
    files: { ...list, 'requirements-prod.txt': requires, 'requirements-dev.txt': 'pytest\n' },
    expect: { manager: 'pip', python: '3.13' },
  },
  {
    name: 'a list beside a pyproject.toml that only configures tools',
    files: { ...list, 'pyproject.toml': '[tool.black]\nline-length = 100\n[tool.ruff]\n' },
    expect: { manager: 'pip', python: '3.13' },
  },
  {
    name: 'a lock of uv',
    files: { 'pyproject.toml': pyproject('>=3.12'), 'uv.lock': uvLock('>=3.12') },
    expect: { manager: 'uv', python: '3.14' },
  },
  {
    name: 'a lock of uv whose packages have wheels for one Python',
    files: {
      'pyproject.toml': pyproject('>=3.11'),
      'uv.lock': uvLock(
        '>=3.11',
        `wheels = [{ url = "https://files.invalid/x-3.1-cp312-cp312-manylinux_2_17_x86_64.whl", hash = "sha256:${'a'.repeat(64)}" }]\n`,
      ),
    },
    expect: { manager: 'uv', python: '3.12' },
  },
  {
    name: 'a lock of Poetry',
    files: { 'pyproject.toml': poetry, 'poetry.lock': poetryLock },
    expect: { manager: 'poetry', python: '3.14' },
  },
  {
    name: 'a lock of Poetry and the list that was exported from it',
    files: {
      'pyproject.toml': poetry,
      'poetry.lock': poetryLock,
      'requirements.txt': `flask==3.1 ${hash}\ngunicorn==23 ${hash}\n`,
    },
    expect: { manager: 'poetry', python: '3.14' },
  },
  {
    name: 'Poetry without a lock',
    files: { 'pyproject.toml': `${poetry}${backend('poetry.core.masonry.api')}` },
    expect: { manager: 'poetry', python: '3.14' },
  },
  {
    name: 'a lock of PDM',
    files: {
      'pyproject.toml': pyproject('==3.11.*', backend('pdm.backend')),
      'pdm.lock':
        '[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\n[[package]]\nname = "flask"\nversion = "3.1"\ngroups = ["default"]\n[[package]]\nname = "gunicorn"\nversion = "23"\ngroups = ["default"]\n',
    },
    expect: { manager: 'pdm', python: '3.11' },
  },
  {
    name: 'a lock of Pipenv',
    files: {
      Pipfile: '[packages]\nflask = "*"\ngunicorn = "*"\n[requires]\npython_version = "3.11"\n',
      'Pipfile.lock':
        '{"_meta":{"hash":{"sha256":"0"},"requires":{"python_version":"3.11"}},"default":{"flask":{"version":"==3.1"},"gunicorn":{"version":"==23"}},"develop":{}}',
    },
    expect: { manager: 'pipenv', python: '3.11' },
  },
  {
    name: 'a Pipfile without a lock',
    files: { Pipfile: '[packages]\nflask = "*"\ngunicorn = "*"\n' },
    expect: { manager: 'pipenv', python: '3.13' },
  },
  {
    name: 'the common lock format',
    files: {
      'pylock.toml':
        'lock-version = "1.0"\ncreated-by = "pip"\n[[packages]]\nname = "flask"\nversion = "3.1"\n[[packages]]\nname = "gunicorn"\nversion = "23"\n',
    },
    expect: { manager: 'pylock', python: '3.13' },
  },
  {
    name: 'Hatch',
    files: { 'pyproject.toml': pyproject('>=3.10,<3.13', backend('hatchling.build')) },
    expect: { manager: 'hatch', python: '3.12' },
  },
  {
    name: 'Flit',
    files: { 'pyproject.toml': pyproject('>=3.11', backend('flit_core.buildapi')) },
    expect: { manager: 'flit', python: '3.14' },
  },
  {
    name: 'setuptools with groups for development',
    files: {
      'pyproject.toml': pyproject('<3.9', '[dependency-groups]\ndev = ["pytest"]\n'),
    },
    expect: { manager: 'setuptools', python: '3.8' },
  },
  {
    name: 'a setup.py and nothing else',
    files: {
      'setup.py':
        'from setuptools import setup\n\nsetup(name="api", python_requires=">=3.8,<3.13", install_requires=["flask", "gunicorn"])\n',
    },
    expect: { manager: 'setuptools', python: '3.12' },
  },
  {
    name: 'a setup.cfg',
    files: {
      'setup.cfg':
        '[metadata]\nname = api\n[options]\npython_requires = >=3.11,<3.14\ninstall_requires =\n    flask\n    gunicorn\n',
      'setup.py': 'from setuptools import setup\n\nsetup()\n',
    },
    expect: { manager: 'setuptools', python: '3.13' },
  },
  {
    name: 'a .python-version',
    files: { ...list, '.python-version': '3.12.4\n' },
    expect: { manager: 'pip', python: '3.12' },
  },
  {
    name: 'a runtime.txt',
    files: { ...list, 'runtime.txt': 'python-3.11.9\n' },
    expect: { manager: 'pip', python: '3.11' },
  },
  {
    name: 'a mise.toml',
    files: { ...list, 'mise.toml': '[tools]\npython = "3.12"\n' },
    expect: { manager: 'pip', python: '3.12' },
  },
  {
    name: 'a Dockerfile inside of the range',
    files: { 'pyproject.toml': pyproject('>=3.9'), Dockerfile: 'FROM python:3.12-slim\n' },
    expect: { manager: 'setuptools', python: '3.12' },
  },
  {
    name: 'a stale Dockerfile outside of the range',
    files: { 'pyproject.toml': pyproject('>=3.11,<3.14'), Dockerfile: 'FROM python:3.9-slim\n' },
    expect: { manager: 'setuptools', python: '3.13' },
  },
  {
    name: 'two locks',
    files: {
      'pyproject.toml': `${pyproject('>=3.11')}${poetry}`,
      'uv.lock': uvLock('>=3.11'),
      'poetry.lock': poetryLock,
    },
    expect: { asks: 'AMBIGUOUS_MANAGER', about: 'poetry.lock' },
  },
  {
    name: 'a pin outside of the range',
    files: { 'pyproject.toml': pyproject('>=3.12'), '.python-version': '3.10\n' },
    expect: { asks: 'CONFLICTING_PYTHON', about: '.python-version' },
  },
  {
    name: 'an environment of conda and nothing else',
    files: { 'environment.yml': 'dependencies:\n  - flask\n' },
    expect: { asks: 'NOT_A_PYTHON_PROJECT', about: 'requirements.txt' },
  },
].map((project) => ({ ...project, files: { 'app.py': text.flask, ...project.files } }));
