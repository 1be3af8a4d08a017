import { failureOf } from '../testing/failures';
import { contextMatcher, selectContext, type ContextQuestion, type SharedPatterns } from './context';
import { checkRoot } from './paths';

const question = (changes: Partial<ContextQuestion> = {}): ContextQuestion => ({
  root: 'apps/api',
  manifests: ['apps/api/requirements.txt'],
  otherRoots: ['.', 'apps/api', 'apps/other'],
  include: [],
  exclude: [],
  ...changes,
});

describe('the files of an image', () => {
  it.each<[string, Partial<ContextQuestion>, string[], string[]]>([
    [
      'of an ordinary project',
      {},
      [
        'apps/api/app.py',
        'apps/api/src/a/data.json',
        'apps/api/.config',
        'apps/api/requirements.txt',
        'apps/api/docs.py',
      ],
      [
        'apps/other/app.py',
        'app.py',
        'apps/api-2/app.py',
        'apps/api/tests/test_app.py',
        'apps/api/src/test_app.py',
        'apps/api/README.md',
        'apps/api/docs/index.md',
        'apps/api/Dockerfile',
        'apps/api/docker-python.json',
        'apps/api/project.json',
        'apps/api/.venv/bin/python',
        'apps/api/a/__pycache__/b.pyc',
      ],
    ],
    [
      'at the root of the workspace',
      { root: '.', manifests: ['requirements.txt'], otherRoots: ['.', 'apps/other'] },
      ['app.py', 'apps/mine/a.py', 'src/x.py'],
      [
        'apps/other/app.py',
        'tests/a.py',
        'node_modules/x/index.js',
        '.git/config',
        'README.md',
        '.nx/cache/x',
      ],
    ],
    [
      'with projects inside of it',
      { otherRoots: ['apps/api/worker', 'apps/api/a/b', 'apps/api'] },
      ['apps/api/app.py', 'apps/api/a/c.py', 'apps/api/worker.py'],
      ['apps/api/worker/app.py', 'apps/api/a/b/c.py'],
    ],
    [
      'with files from elsewhere',
      { include: ['{workspaceRoot}/config/api/**', '{workspaceRoot}/VERSION', '{projectRoot}/x/**'] },
      ['config/api/a.yml', 'VERSION', 'apps/api/x/y'],
      ['config/b.yml', 'a/VERSION'],
    ],
    [
      'with a folder from elsewhere, named without a wildcard',
      { include: ['{workspaceRoot}/config', '{workspaceRoot}/shared/'] },
      ['config/a.yml', 'config/deep/b.yml', 'shared/x'],
      ['configs/a.yml'],
    ],
    [
      'without what the smoke test reads',
      {},
      ['apps/api/docker/smoke-test.py', 'apps/api/smoke-test.sh'],
      ['apps/api/docker/smoke-test.sh', 'apps/api/docker/smoke-test.compose.yml'],
    ],
    [
      'without what the settings exclude',
      { exclude: ['**/*.ipynb', 'notebooks', 'data/', '/secret.txt', '{workspaceRoot}/apps/api/gone/**'] },
      ['apps/api/app.py', 'apps/api/sub/secret.txt'],
      [
        'apps/api/a/b.ipynb',
        'apps/api/notebooks/a.py',
        'apps/api/data/x.csv',
        'apps/api/secret.txt',
        'apps/api/gone/a',
      ],
    ],
    [
      'with a default exclusion switched off',
      { exclude: ['!docs/**', '!**/tests/**'] },
      ['apps/api/docs/a.md', 'apps/api/tests/data.json'],
      ['apps/api/tests/test_a.py', 'apps/api/test/a.py'],
    ],
    [
      'with what may hold secrets, which no setting switches on',
      { include: ['.env', '{workspaceRoot}/config/**'] },
      [],
      ['apps/api/.env', 'apps/api/.env.local', 'apps/api/a/.netrc', 'config/.env', 'apps/api/.env/bin/x'],
    ],
    [
      'with manifests that a default exclusion would catch',
      {
        manifests: [
          'apps/api/requirements-dev.txt',
          'apps/api/build/x.txt',
          'uv.lock',
          'apps/api/requirements.in',
        ],
      },
      ['apps/api/requirements-dev.txt', 'apps/api/build/x.txt', 'uv.lock', 'apps/api/requirements.in'],
      ['pyproject.toml', 'apps/api/dev-requirements.txt'],
    ],
  ])('%s', (_, changes, selected, others) => {
    const matches = contextMatcher(selectContext(question(changes)));
    expect(selected.filter((path) => !matches(path))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });
});

it('is the same for each project, whatever others have asked before', () => {
  const questions = [
    question({ libraries: ['libs/a'] }),
    question({ libraries: ['libs/a'], manifests: ['libs/a/README.md'] }),
    question({ libraries: ['libs/a'], exclude: ['!**/tests/**'] }),
    question({ root: 'apps/web', libraries: ['libs/a'] }),
  ];
  const shared: SharedPatterns = new Map();
  const together = questions.map((asked) => selectContext(asked, shared));
  expect(together).toEqual(questions.map((asked) => selectContext(asked)));
  expect(new Set(together.map((selection) => JSON.stringify(selection))).size).toBe(questions.length);
});

describe('a pattern outside of the language', () => {
  it.each([
    '{a,b}',
    '[ab].py',
    '../x',
    'a/../../../x',
    '{workspaceRoot}/../x',
    '{workspaceRoot}',
    '{unknown}/x',
    'a\\b',
    'a|b',
    '(a)',
    'a$b',
    'a\nb',
    'é',
    '**.md',
    'a**',
    '***',
    '+(a)',
  ])('%j is refused', (pattern) => {
    for (const setting of ['include', 'exclude'] as const) {
      const error = failureOf(() => selectContext(question({ [setting]: [pattern] })));
      expect(error).toMatchObject({
        code: 'INVALID_SETTINGS',
        message: expect.stringContaining(JSON.stringify(pattern)),
      });
      expect(error.message).toContain(`"${setting}"`);
    }
  });

  it.each(['#notes', ' a', 'a '])(
    '%j at the root of the workspace, where an ignore file reads it otherwise',
    (pattern) => {
      const error = failureOf(() => selectContext(question({ root: '.', exclude: [pattern] })));
      expect(error.code).toBe('INVALID_SETTINGS');
    },
  );
});

describe('a "!" in "exclude" that switches nothing off', () => {
  it.each([
    ['!**/test/*', '"!**/test/**"'],
    ['!tests', '"!**/tests/**"'],
    ['!docs', '"!docs/**"'],
    ['!static/**', 'write one of'],
    ['!**/.env', 'env'],
  ])('%s is an error that names what was meant', (pattern, named) => {
    expect(failureOf(() => selectContext(question({ exclude: [pattern] })))).toMatchObject({
      code: 'INVALID_SETTINGS',
      message: expect.stringContaining(pattern) as string,
      hint: expect.stringContaining(named) as string,
    });
  });
});

describe('a path that a Dockerfile cannot carry', () => {
  it.each([
    'apps/my api',
    'apps/café',
    'apps/a,b',
    'apps/$x',
    'apps/a;b',
    "a'b",
    'a"b',
    'a`b',
    'a\nb',
    'a&b',
    'a:b',
    'a*',
    'a\\b',
  ])('%j is refused as a project', (root) => {
    expect(failureOf(() => checkRoot(root)).code).toBe('UNSUPPORTED_PATH');
    expect(failureOf(() => selectContext(question({ root, manifests: [] }))).code).toBe('UNSUPPORTED_PATH');
  });

  it.each(['.', 'api', 'apps/api', 'Apps/my_api-2.x', '@acme/api'])('%j is fine', (root) => {
    expect(() => checkRoot(root)).not.toThrow();
  });

  it.each(['apps/api/my reqs.txt', 'shared/a,b.txt', 'shared/[x].txt', 'apps/api/$HOME.txt'])(
    '%j is refused as a manifest',
    (path) => {
      const error = failureOf(() => selectContext(question({ manifests: [path] })));
      expect(error).toMatchObject({ code: 'UNSUPPORTED_PATH', message: expect.stringContaining(path) });
    },
  );
});
