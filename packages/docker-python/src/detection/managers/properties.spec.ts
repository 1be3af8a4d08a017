import fc from 'fast-check';
import { DockerPythonError } from '../../errors';
import { memoryFiles } from '../files';
import type { ManagerName } from '../types';
import { chooseManager, MANAGERS } from './index';

const NAMES = [
  'a/pyproject.toml',
  'a/uv.lock',
  'a/uv.toml',
  'a/poetry.lock',
  'a/pdm.lock',
  'a/pylock.toml',
  'a/Pipfile',
  'a/Pipfile.lock',
  'a/requirements.txt',
  'a/requirements/prod.txt',
  'a/requirements.in',
  'a/setup.cfg',
  'a/setup.py',
  'pyproject.toml',
  'uv.lock',
];
/** Pieces of real manifests: random text alone hardly ever gets past the TOML parser. */
const PIECES = [
  '[project]\n',
  'name = "a"\n',
  'dependencies = ["flask", "x @ file:../x", "@@", 1]\n',
  'dynamic = ["dependencies"]\n',
  '[tool.uv]\n',
  '[tool.uv.workspace]\nmembers = ["*", "[", "**/x"]\n',
  '[tool.poetry.dependencies]\n',
  'flask = "*"\n',
  'python = "^3.11"\n',
  '[[package]]\n',
  '[[packages]]\n',
  'version = "1"\n',
  'source = { virtual = "." }\n',
  'source = { editable = "../../.." }\n',
  'dependencies = [{ name = "a" }]\n',
  '[tool.setuptools.dynamic]\ndependencies = { file = ["../../x", "requirements.txt"] }\n',
  '[dependency-groups]\ng = ["x", { include-group = "g" }]\n',
  '{"default": {"flask": {"version": 1, "path": "../../x"}}}',
  '-r requirements/prod.txt\n',
  '-r ../requirements.txt\n',
  '-e .\n',
  'flask==1 --hash=sha256:00\n',
  '[build-system]\nbuild-backend = "hatchling.build"\n',
  'extras = ["__proto__", "constructor"]\n',
  '[options]\ninstall_requires =\n  flask\n',
  'requires-poetry = "^1"\n',
  'required-version = "==x"\n',
  '[package.extras]\n__proto__ = ["x"]\n',
  '\n',
  '\0',
  '[',
  '"""',
];
const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

test('any bytes in any manifest give facts or a DockerPythonError, and no path outside of the workspace', () => {
  const names = fc.option(fc.constantFrom(...MANAGERS.map(({ name }) => name)), { nil: undefined });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...NAMES), text), names, (files, override?: ManagerName) => {
      try {
        const question = {
          files: memoryFiles(files),
          root: 'a',
          extras: ['constructor', 'server'],
          groups: ['__proto__', 'g'],
        };
        const facts = chooseManager(question, override && { manager: { value: override, from: 'test' } });
        for (const path of facts.recipe.files) expect(path).not.toMatch(/^(?:\.\.|\/)/);
        for (const { path } of facts.localPackages) expect(path).not.toMatch(/^(?:\.\.|\/)/);
      } catch (error) {
        if (!(error instanceof DockerPythonError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

test.each([
  [
    'groups that include each other many times',
    'a/pyproject.toml',
    `[project]\ndependencies = ["x"]\n[dependency-groups]\n${Array.from({ length: 40 }, (_, i) => `g${i || ''} = [{include-group = "g${i + 1}"}, {include-group = "g${i + 1}"}]`).join('\n')}`,
  ],
  ['deep brackets', 'a/pyproject.toml', `x = ${'['.repeat(100_000)}`],
  ['deep JSON', 'a/Pipfile.lock', '['.repeat(100_000)],
  ['blank lines', 'a/setup.cfg', `[options]${'\n '.repeat(200_000)}`],
  ['quotes', 'a/setup.py', `install_requires=[${'"'.repeat(200_000)}`],
  ['a long line', 'a/setup.cfg', `[options]\n${'a'.repeat(300_000)} file:`],
])('no hang: %s', (_, name, content) => {
  const started = Date.now();
  try {
    chooseManager({
      files: memoryFiles({
        'a/Pipfile': name.includes('Pipfile') ? '' : '[',
        [name]: content,
        ...(name.includes('Pipfile') ? {} : { 'a/requirements.in': '-e .' }),
      }),
      root: 'a',
      extras: [],
      groups: ['g'],
    });
    chooseManager(
      { files: memoryFiles({ [name]: content, 'a/setup.py': '' }), root: 'a', extras: [], groups: ['g'] },
      { manager: { value: 'setuptools', from: 'test' } },
    );
  } catch (error) {
    expect(error).toBeInstanceOf(DockerPythonError);
  }
  expect(Date.now() - started).toBeLessThan(2000);
});
