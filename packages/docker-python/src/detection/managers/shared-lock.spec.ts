import { memoryFiles } from '../files';
import type { DependencyFacts, ManagerName } from '../types';
import { failureOf } from '../../testing/failures';
import { uvLock } from '../../testing/uv-workspaces';
import { detectPython } from '../python-version';
import { developmentFacts } from './development';
import { chooseManager, lockDoubts } from './index';

const choose = (
  files: Record<string, string>,
  {
    root = 'apps/api',
    groups = [],
    manager,
  }: { root?: string; groups?: string[]; manager?: ManagerName } = {},
): DependencyFacts =>
  chooseManager(
    { files: memoryFiles(files), root, extras: [], groups },
    manager && { manager: { value: manager, from: 'a test' } },
  );
const names = (facts: DependencyFacts): readonly string[] => facts.requirements.map(({ name }) => name);

const MANIFEST = [
  '[project]',
  'name = "everything"',
  'version = "1"',
  'requires-python = ">=3.12,<3.13"',
  'dependencies = ["flask"]',
  '[dependency-groups]',
  'Api = ["gunicorn"]',
  'tracing = ["structlog"]',
  'dev = ["pytest"]',
].join('\n');
const pinned = (name: string): string =>
  `[[package]]\nname = "${name}"\nversion = "1"\nfiles = [{ file = "${name}-1-py3-none-any.whl", hash = "sha256:00" }]\n`;
const PINNED = ['flask', 'gunicorn', 'structlog', 'pytest'].map(pinned).join('');
const UV_LOCK = [
  uvLock([
    ...['flask', 'gunicorn', 'structlog', 'pytest'].map((name) => ({ name, version: '1', needs: [] })),
  ]),
  '[[package]]\nname = "everything"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "flask" }]',
  '[package.dev-dependencies]\nApi = [{ name = "gunicorn" }]\ntracing = [{ name = "structlog" }]\ndev = [{ name = "pytest" }]',
  '[package.metadata]\nrequires-dist = [{ name = "flask" }]\n[package.metadata.requires-dev]\nApi = [{ name = "gunicorn" }]\n',
].join('\n');

const LOCKS: readonly (readonly [ManagerName, string, string])[] = [
  ['uv', 'uv.lock', UV_LOCK],
  ['poetry', 'poetry.lock', PINNED],
  ['pdm', 'pdm.lock', PINNED],
];

describe.each(LOCKS)('%s: a project without a manifest below a root with one', (manager, lock, text) => {
  const files = { 'pyproject.toml': MANIFEST, [lock]: text, 'apps/api/app.py': '' };

  it('is served by the main dependencies and the group that is named as its folder', () => {
    const facts = choose(files);
    expect(facts.manager.value).toBe(manager);
    expect(names(facts)).toEqual(['flask', 'gunicorn']);
    expect(facts.lock).toEqual({
      value: lock,
      from: 'the main dependencies and the group "Api" of pyproject.toml, since apps/api has no manifest of its own',
    });
    expect(facts.shared).toMatchObject({
      lock,
      root: '.',
      groups: ['Api'],
      slice: 'apps/api/docker/requirements.lock',
    });
  });

  it('or by the groups that are set', () => {
    expect(names(choose(files, { groups: ['tracing'] }))).toEqual(['flask', 'structlog']);
    expect(names(choose(files, { root: 'apps/other' }))).toEqual(['flask']);
  });

  it('reads its slice and nothing else, while the exporter reads the lock', () => {
    const { recipe, shared } = choose(files);
    expect(recipe).toEqual({
      tools: [],
      files: ['apps/api/docker/requirements.lock'],
      commands: [['python', '{scripts}/requirements.py', 'list', '{output}', 'docker/requirements.lock']],
      network: false,
      hashed: true,
    });
    expect(shared!.exporter.files).toEqual([lock, 'pyproject.toml'].sort());
  });

  it('follows the Python of that root, and its development dependencies', () => {
    const question = { files: memoryFiles(files), root: 'apps/api', extras: [], groups: [] };
    const facts = choose(files);
    expect(detectPython(question, facts).python).toMatchObject({ value: '3.12' });
    expect(names(developmentFacts(question, facts))).toEqual(
      expect.arrayContaining(['flask', 'gunicorn', 'pytest']),
    );
  });

  it('but a manifest or list of its own counts', () => {
    const own = choose({ ...files, 'apps/api/requirements.txt': 'django\n' });
    expect([own.manager.value, names(own), own.shared]).toEqual(['pip', ['django'], undefined]);
    expect(choose(files, { root: '.' }).shared).toBeUndefined();
  });

  it('and a setting of another manager is an error', () => {
    expect(failureOf(() => choose(files, { manager: 'pipenv' })).code).toBe('LOCK_MISSING');
    expect(choose(files, { manager }).shared?.lock).toBe(lock);
  });
});

describe('a manifest of a root that is ahead of its lock is a doubt', () => {
  const doubts = (manager: ManagerName, lock: string, text: string, manifest: string): readonly string[] => {
    const files = { 'pyproject.toml': manifest, [lock]: text };
    const facts = choose(files);
    expect(facts.manager.value).toBe(manager);
    return lockDoubts(memoryFiles(files), {
      manager: facts.manager,
      python: { value: '3.12', from: 'a test' },
      shared: facts.shared!,
    });
  };

  it.each(LOCKS)('%s', (manager, lock, text) => {
    const said = (manifest: string): readonly string[] => doubts(manager, lock, text, manifest);
    const about = (name: string): string => `pyproject.toml and the lock do not agree about ${name}`;
    // The generated uv.lock has recorded no version clauses.
    expect(said(MANIFEST)).toEqual([]);
    expect(said(MANIFEST.replace('"flask"', '"flask", "idna"'))).toEqual([about('idna')]);
    expect(said(MANIFEST.replace('"flask"', '"flask>=2"'))).toEqual([about('flask')]);
    expect(said(MANIFEST.replace('"pytest"', '"pytest>=9"'))).toEqual([]);
    expect(said(MANIFEST.replace('"gunicorn"', '"gunicorn>=9"'))).toEqual([about('gunicorn')]);
  });

  it.each([
    ['flask = "^1.0"', []],
    ['flask = { version = ">=1,<2", extras = ["async"] }', []],
    ['flask = [{ version = "^9", python = "<3.9" }, { version = "^1" }]', []],
    ['flask = "^2.0"', ['pyproject.toml and the lock do not agree about flask']],
    ['idna = "*"', ['pyproject.toml and the lock do not agree about idna']],
  ])("Poetry's own tables: %s", (line, expected) => {
    const manifest = `[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.12"\n${line}\n`;
    expect(doubts('poetry', 'poetry.lock', PINNED, manifest)).toEqual(expected);
  });
});

it('a root with two locks is an error for what it serves, too', () => {
  const files = { 'pyproject.toml': MANIFEST, 'uv.lock': UV_LOCK, 'poetry.lock': PINNED };
  expect(failureOf(() => choose(files)).code).toBe('AMBIGUOUS_MANAGER');
});

it('a root without a lock serves nobody', () => {
  expect(failureOf(() => choose({ 'pyproject.toml': MANIFEST })).code).toBe('NOT_A_PYTHON_PROJECT');
});

it('groups of a uv root that is no project itself', () => {
  const lock =
    'version = 1\n[manifest.dependency-groups]\napi = [{ name = "six" }]\n[[package]]\nname = "six"\nversion = "1"\nsource = { registry = "https://index.invalid/simple" }\n';
  const files = { 'pyproject.toml': '[dependency-groups]\napi = ["six"]\n', 'uv.lock': lock };
  expect(names(choose(files))).toEqual(['six']);
});

describe('a member of a uv workspace', () => {
  const member = {
    name: 'api',
    version: '1',
    folder: 'apps/api',
    needs: [{ name: 'torch' }, { name: 'idna' }],
  };
  const packages = ['torch', 'idna'].map((name) => ({ name, version: '1', needs: [] }));
  const files = (lock: string, root = ''): Record<string, string> => ({
    'pyproject.toml': `[tool.uv.workspace]\nmembers = ["apps/*"]\n${root}`,
    'apps/api/pyproject.toml': '[project]\nname = "api"\nversion = "1"\ndependencies = ["torch", "idna"]\n',
    'uv.lock': lock,
  });
  const own = uvLock([member, ...packages]).replace('index.invalid/simple', 'cpu.invalid');

  it('that its lock does not have is an error that says what to do', () => {
    expect(failureOf(() => choose(files(uvLock(packages))))).toMatchObject({
      code: 'LOCK_OUT_OF_DATE',
      message: expect.stringContaining('apps/api') as string,
      hint: expect.stringContaining('uv lock') as string,
    });
  });

  it.each([
    ['an explicit index', '[[tool.uv.index]]\nname = "cpu"\nurl = "https://cpu.invalid"\nexplicit = true\n'],
    [
      'an index that a source names',
      '[tool.uv.sources]\ntorch = [{ index = "cpu", marker = "sys_platform == \'linux\'" }]\n[[tool.uv.index]]\nname = "cpu"\nurl = "https://cpu.invalid"\n',
    ],
  ])('with a package of %s has a pylock.toml, exported as such', (_, indexes) => {
    const { recipe, shared } = choose(files(own, indexes));
    expect(shared).toMatchObject({
      slice: 'apps/api/docker/pylock.toml',
      otherSlice: 'apps/api/docker/requirements.lock',
    });
    expect(recipe).toMatchObject({ format: 'pylock', files: ['apps/api/docker/pylock.toml'] });
    expect(shared!.exporter.commands[0]!.join(' ')).toMatch(/--format pylock\.toml/);
    expect(shared!.exporter.commands[0]).not.toContain('--emit-index-url');
  });

  it('with an explicit index that none of its packages comes from has a list', () => {
    const indexes = '[[tool.uv.index]]\nname = "other"\nurl = "https://other.invalid"\nexplicit = true\n';
    expect(choose(files(own, indexes)).shared?.slice).toBe('apps/api/docker/requirements.lock');
  });

  it('asks for the uv that its workspace requires', () => {
    expect(choose({ ...files(own), 'uv.toml': 'required-version = ">=0.9"\n' }).shared?.requiredVersion).toBe(
      '>=0.9',
    );
  });
});
