import fc from 'fast-check';
import { DockerPythonError } from '../errors';
import { memoryFiles } from './files';
import { parsePoetryRange, allows } from './managers/python-range';
import { detectPython } from './python-version';
import type { DistributionName, Requirement } from './types';

/** An error, or a finding, with at least these fields. */
const matching = (fields: object): Error => {
  const matcher: unknown = expect.objectContaining(fields);
  return matcher as Error;
};

const detect = (
  files: Record<string, string>,
  requirements: readonly Requirement[] = [],
  override?: string,
) =>
  detectPython(
    { files: memoryFiles(files), root: 'apps/api', extras: [], groups: [] },
    { requirements },
    override === undefined ? undefined : { value: override, from: 'docker-python.json' },
  );
const requires = (text: string) => ({
  'apps/api/pyproject.toml': `[project]\nname = "x"\nrequires-python = "${text}"\n`,
});
const poetry = (text: string) => ({
  'apps/api/pyproject.toml': `[tool.poetry.dependencies]\npython = "${text}"\n`,
});

test.each<[string, Record<string, string>, string, string]>([
  ['nothing said', {}, '3.13', 'no file says it; the default'],
  ['.python-version', { 'apps/api/.python-version': '3.12.4\n' }, '3.12', 'apps/api/.python-version'],
  ['.python-version upwards', { '.python-version': '# pyenv\ncpython-3.11\n' }, '3.11', '.python-version'],
  [
    'the nearer one',
    { '.python-version': '3.11', 'apps/.python-version': '3.12' },
    '3.12',
    'apps/.python-version',
  ],
  [
    'an environment name says nothing',
    { '.python-version': 'my-env\n' },
    '3.13',
    'no file says it; the default',
  ],
  ['.tool-versions', { '.tool-versions': 'nodejs 20\npython 3.12.1 3.11.2\n' }, '3.12', '.tool-versions'],
  ['mise', { 'mise.toml': '[tools]\npython = ["3.12", "3.11"]' }, '3.12', 'mise.toml'],
  ['mise, a table', { '.mise.toml': '[tools]\npython = { version = "3.12" }' }, '3.12', '.mise.toml'],
  ['Pipfile', { 'apps/api/Pipfile': '[requires]\npython_version = "3.11"' }, '3.11', 'apps/api/Pipfile'],
  ['runtime.txt', { 'apps/api/runtime.txt': 'python-3.12.7' }, '3.12', 'apps/api/runtime.txt'],
  ['at least', requires('>=3.9'), '3.14', 'requires-python in apps/api/pyproject.toml'],
  ['bounded', requires('>=3.9,<3.13'), '3.12', 'requires-python in apps/api/pyproject.toml'],
  ['compatible', requires('~=3.11.2'), '3.11', 'requires-python in apps/api/pyproject.toml'],
  ['old only', requires('>=3.8,<3.10'), '3.9', 'requires-python in apps/api/pyproject.toml'],
  ['a number only', requires('3.12'), '3.12', 'requires-python in apps/api/pyproject.toml'],
  ['one patch', requires('==3.12.4'), '3.12', 'requires-python in apps/api/pyproject.toml'],
  ['caret', poetry('^3.11'), '3.14', 'tool.poetry.dependencies.python in apps/api/pyproject.toml'],
  ['tilde', poetry('~3.12'), '3.12', 'tool.poetry.dependencies.python in apps/api/pyproject.toml'],
  [
    'alternatives',
    poetry('~3.9 || ~3.11'),
    '3.11',
    'tool.poetry.dependencies.python in apps/api/pyproject.toml',
  ],
  [
    'setup.cfg',
    { 'apps/api/setup.cfg': '[options]\npython_requires = >=3.8,<3.12\n' },
    '3.11',
    'python_requires in apps/api/setup.cfg',
  ],
  [
    'setup.py',
    { 'apps/api/setup.py': 'setup(python_requires="<3.13")' },
    '3.12',
    'python_requires in apps/api/setup.py',
  ],
  [
    'a Dockerfile',
    { 'apps/api/Dockerfile': 'ARG V=3.11\nFROM python:${V}-slim AS b\nFROM b' },
    '3.11',
    'FROM in apps/api/Dockerfile',
  ],
  [
    'a uv image',
    { 'apps/api/Dockerfile': 'FROM r.invalid/uv:python3.12-trixie' },
    '3.12',
    'FROM in apps/api/Dockerfile',
  ],
  [
    'a Dockerfile in a folder of its own, beside ours',
    {
      'apps/api/Dockerfile': '# Managed by docker-python\nFROM python:3.14',
      'apps/api/docker/Dockerfile': 'FROM python:3.11-slim',
    },
    '3.11',
    'FROM in apps/api/docker/Dockerfile',
  ],
  [
    'a Dockerfile inside of a range',
    { ...requires('>=3.9'), 'apps/api/Dockerfile': 'FROM python:3.12-slim' },
    '3.12',
    'FROM in apps/api/Dockerfile',
  ],
  [
    'a stale Dockerfile, outside of the range',
    { ...requires('>=3.12,<3.14'), 'apps/api/Dockerfile': 'FROM python:3.9-slim' },
    '3.13',
    'requires-python in apps/api/pyproject.toml',
  ],
  [
    'our own Dockerfile is no evidence',
    { 'apps/api/Dockerfile': '# Managed by docker-python\nFROM python:3.11' },
    '3.13',
    'no file says it; the default',
  ],
  ['a pin beats a range', { ...requires('>=3.9'), '.python-version': '3.11' }, '3.11', '.python-version'],
])('%s', (_, files, value, from) => expect(detect(files).python).toEqual({ value, from }));

test.each<[string, Record<string, string>, string, string[]]>([
  [
    'pin and range',
    { ...requires('>=3.11'), 'apps/api/.python-version': '3.9' },
    'CONFLICTING_PYTHON',
    ['apps/api/.python-version', 'requires-python'],
  ],
  [
    'two pins',
    { '.tool-versions': 'python 3.12', 'apps/api/runtime.txt': 'python-3.11' },
    'CONFLICTING_PYTHON',
    ['.tool-versions', 'runtime.txt'],
  ],
  [
    'two ranges',
    {
      'apps/api/pyproject.toml': `${requires('<3.12')['apps/api/pyproject.toml']}[tool.poetry.dependencies]\npython = "^3.13"`,
    },
    'CONFLICTING_PYTHON',
    ['requires-python', 'tool.poetry'],
  ],
  ['the future', requires('>=3.99'), 'UNSUPPORTED_PYTHON', ['requires-python']],
  ['the past', { 'apps/api/runtime.txt': 'python-2.7.18' }, 'UNSUPPORTED_PYTHON', ['runtime.txt']],
])('%s: an error that names them', (_, files, code, names) => {
  const error = matching({ code, message: expect.stringMatching(new RegExp(names.join('.*'), 's')) });
  expect(() => detect(files)).toThrow(error);
});

describe('the setting', () => {
  test('beats files that name one', () => {
    expect(detect({ '.python-version': '3.11' }, [], '3.12.3').python).toEqual({
      value: '3.12',
      from: 'docker-python.json',
    });
  });
  test('cannot beat a range', () => {
    expect(() => detect(requires('<3.12'), [], '3.13')).toThrow(matching({ code: 'CONFLICTING_PYTHON' }));
  });
  test('has to be a version', () => {
    expect(() => detect({}, [], 'newest')).toThrow(matching({ code: 'INVALID_SETTINGS' }));
  });
});

describe('findings', () => {
  test('end of life', () =>
    expect(detect({ '.python-version': '3.9' }).findings.map(({ code }) => code)).toEqual([
      'python-end-of-life',
    ]));
  test('a patch that nobody gets', () =>
    expect(detect(requires('==3.12.4')).findings.map(({ code }) => code)).toEqual(['python-patch']));
  test('nothing', () => expect(detect(requires('>=3.11')).findings).toEqual([]));
});

describe('wheels', () => {
  const wheels = (name: string, ...tags: string[]): Requirement => ({
    name: name as DistributionName,
    version: '1',
    wheels: tags.map((tag) => `${name}-1-${tag}.whl`),
  });
  const native = (...minors: number[]) =>
    wheels('numpy', ...minors.map((minor) => `cp3${minor}-cp3${minor}-manylinux_2_17_x86_64`));

  test('step down to a release that a package has wheels for, and say so', () => {
    expect(detect(requires('>=3.11'), [native(11, 12), wheels('flask', 'py3-none-any')]).python).toEqual({
      value: '3.12',
      from: 'requires-python in apps/api/pyproject.toml; numpy 1 has no wheel for 3.13',
    });
  });
  test('also where nothing is said', () => expect(detect({}, [native(11, 12)]).python.value).toBe('3.12'));
  test('to a release past its end, rather than to none', () => {
    const old = detect(requires('>=3.9'), [native(8, 9, 10)]);
    expect(old.python.value).toBe('3.10');
    expect(old.findings.map(({ code }) => code)).toEqual(['python-end-of-life']);
  });
  test('not below the range', () =>
    expect(detect(requires('>=3.13'), [native(11, 12)]).python.value).toBe('3.14'));
  test('not for a package that never has a wheel', () =>
    expect(detect(requires('>=3.11'), [native(8)]).python.value).toBe('3.14'));
  test('not for a source distribution', () =>
    expect(detect(requires('>=3.11'), [wheels('a')]).python.value).toBe('3.14'));
  test('not where another version of it fits', () =>
    expect(
      detect(requires('>=3.11'), [native(11), wheels('numpy', 'cp311-abi3-manylinux1_x86_64')]).python.value,
    ).toBe('3.14'));
  test('not against a pin', () =>
    expect(detect({ '.python-version': '3.13' }, [native(11)]).python.value).toBe('3.13'));
});

test.each([
  ['^3.11', '3.11', 'yes'],
  ['^3.11', '3.10', 'no'],
  ['>=3.8,<3.13', '3.12', 'yes'],
  ['>=3.8 <3.13', '3.13', 'no'],
  ['3.11.*', '3.11', 'yes'],
  ['*', '3.6', 'yes'],
  ['~3.11.4', '3.11', 'yes'],
  ['~3', '3.14', 'yes'],
  ['<=3.12', '3.12', 'at other patches'],
  ['!=3.9.7,>=3.8', '3.9', 'yes'],
])('Poetry: %s allows %s: %s', (text, minor, expected) =>
  expect(allows(parsePoetryRange(text)!, minor)).toBe(expected),
);

test('any bytes give a version or a DockerPythonError', () => {
  const names = [
    '.python-version',
    '.tool-versions',
    'mise.toml',
    'Pipfile',
    'runtime.txt',
    'Dockerfile',
    'setup.cfg',
    'setup.py',
  ];
  const words = fc.constantFrom(
    'python',
    '3.12',
    '>=',
    ' ',
    '\n',
    '=',
    '"',
    '[',
    ']',
    'FROM ',
    'ARG ',
    '${',
    '}',
    'python_requires',
    '*',
    '||',
    '^',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names.map((name) => `apps/api/${name}`)), text),
      text,
      (files, range) => {
        try {
          detect({ ...files, ...requires(range.replaceAll(/["\\\p{C}]/gu, '')) });
          detect(poetry(range.replaceAll(/["\\\p{C}]/gu, '')));
        } catch (error) {
          if (!(error instanceof DockerPythonError)) throw error;
        }
      },
    ),
    { numRuns: 1000 },
  );
});
