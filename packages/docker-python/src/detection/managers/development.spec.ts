import { memoryFiles } from '../files';
import { chooseManager } from './index';
import { development, developmentFacts } from './development';

const question = (files: Readonly<Record<string, string>>) => ({
  files: memoryFiles(files),
  root: '.',
  extras: [],
  groups: [],
});

describe('development dependencies', () => {
  it.each([
    [
      'uv',
      { 'pyproject.toml': '[dependency-groups]\ndev = []\nprod = []\ntest = []' },
      { groups: ['dev', 'test'] },
    ],
    [
      'uv',
      { 'pyproject.toml': '[tool.uv]\ndefault-groups = ["work"]\n[dependency-groups]\nwork = []\ngpu = []' },
      { groups: ['work'] },
    ],
    [
      'uv',
      { 'pyproject.toml': '[tool.uv]\ndefault-groups = "all"\n[dependency-groups]\nwork = []\ngpu = []' },
      { groups: ['work', 'gpu'] },
    ],
    [
      'uv',
      { 'pyproject.toml': '[project.optional-dependencies]\ntest = []\npostgres = []' },
      { extras: ['test'] },
    ],
    [
      'poetry',
      { 'pyproject.toml': '[tool.poetry.group.dev.dependencies]\n[tool.poetry.group.docs]\noptional = true' },
      { groups: ['dev'] },
    ],
    ['poetry', { 'pyproject.toml': '[tool.poetry.dev-dependencies]\npytest = "*"' }, { groups: ['dev'] }],
    [
      'pdm',
      { 'pyproject.toml': '[tool.pdm.dev-dependencies]\nlint = []\n[dependency-groups]\nx = []' },
      { groups: ['lint', 'x'] },
    ],
    ['pipenv', { Pipfile: '[dev-packages]\npytest = "*"' }, { groups: ['dev-packages'] }],
    ['pipenv', { Pipfile: '[packages]' }, {}],
    [
      'pip',
      { 'dev-requirements.txt': '', 'requirements_test.txt': '', 'requirements/local.txt': '' },
      { lists: ['dev-requirements.txt', 'requirements_test.txt', 'requirements/local.txt'] },
    ],
    [
      'setuptools',
      { 'pyproject.toml': '[project.optional-dependencies]\ndev = []', 'requirements-dev.txt': '' },
      { extras: ['dev'], lists: ['requirements-dev.txt'] },
    ],
    [
      'setuptools',
      { 'pyproject.toml': '[tool.setuptools.dynamic]\noptional-dependencies.test = { file = ["t.txt"] }' },
      { extras: ['test'] },
    ],
  ] as const)('of %s: %j', (manager, files, found) => {
    expect(development(question(files), manager)).toEqual({ groups: [], extras: [], lists: [], ...found });
  });

  it('are added to those of production, by the same manager', () => {
    const asked = question({
      'requirements.txt': 'six==1.17.0\n',
      'dev-requirements.txt': '-r requirements.txt\npytest\n',
    });
    const production = chooseManager(asked);
    const { recipe } = developmentFacts(asked, production);
    expect(recipe.files).toEqual(['dev-requirements.txt', 'requirements.txt']);
    expect(recipe.commands[0]!.slice(-2)).toEqual(['requirements.txt', 'dev-requirements.txt']);
    expect(production.recipe.files).toEqual(['requirements.txt']);
  });

  it('that a pylock.toml was not made for are named', () => {
    const lock = (more: string) =>
      question({
        'pylock.toml': `lock-version = "1.0"\n${more}packages = []\n`,
        'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n',
      });
    const codes = (asked: ReturnType<typeof question>) =>
      developmentFacts(asked, chooseManager(asked)).findings.map(({ code }) => code);
    expect(codes(lock(''))).toEqual(['not-locked']);
    expect(codes(lock('dependency-groups = ["dev"]\n'))).toEqual([]);
  });
});
