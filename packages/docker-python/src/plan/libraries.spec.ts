import { designOf } from '../testing/projects';
import { contextMatcher } from './context';
import type { ImagePlan, LibrariesStage } from './types';

const HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
const WORKSPACE = {
  'apps/api/requirements.txt': 'flask==3.1.0\n-e ../../libs/money\n',
  'apps/api/.python-version': '3.13\n',
  'apps/api/app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
  'apps/api/docker-python.json': '{"version":1,"command":["flask","run"]}',
  'libs/money/pyproject.toml': `[project]\nname = "money"\nversion = "1"\nreadme = "README.md"\n${HATCH}`,
  'libs/money/README.md': '',
  'libs/money/src/money/__init__.py': '',
  'libs/money/tests/test_money.py': '',
};

const librariesOf = (plan: ImagePlan): LibrariesStage['libraries'] =>
  plan.stages.find((stage) => stage.name === 'libraries')!.libraries;

function planOf(files: Readonly<Record<string, string>>, otherRoots: readonly string[] = []): ImagePlan {
  return designOf({ ...WORKSPACE, ...files }, 'apps/api', { otherRoots: ['apps/api', ...otherRoots] }).plan;
}

describe('an image with libraries', () => {
  const plan = planOf({});

  it('has a stage and a layer for them, between dependencies and application', () => {
    expect(librariesOf(plan)).toEqual([
      {
        root: 'libs/money',
        distribution: 'money',
        form: 'wheel',
        files: [],
        without: [],
        place: '/app/libs/money',
        importPath: ['/app/libs/money/src'],
      },
    ]);
    expect(plan.stages.find((stage) => stage.name === 'runtime')!.copies).toEqual([
      'stdlib',
      'dependencies',
      'libraries',
      'application',
      'processes',
    ]);
  });

  it('is sent their files without tests, and what metadata names although it is documentation', () => {
    const sent = contextMatcher(plan.context);
    const of = (path: string): boolean => sent(path);
    expect(Object.keys(WORKSPACE).filter(of)).toEqual([
      'apps/api/requirements.txt',
      'apps/api/.python-version',
      'apps/api/app.py',
      'libs/money/pyproject.toml',
      'libs/money/README.md',
      'libs/money/src/money/__init__.py',
    ]);
  });

  it('copies none of them into the layer of the application', () => {
    const application = plan.stages.find((stage) => stage.name === 'application')!;
    expect(application).toMatchObject({ trees: ['apps/api'], needs: ['libraries'] });
  });
});

it('a library inside of the project is left out of the layer of the application', () => {
  const files = {
    'apps/api/requirements.txt': 'flask==3.1.0\n-e ./vendor/money\n',
    'apps/api/vendor/money/setup.py': '',
  };
  const plan = planOf(files, ['apps/api/vendor/money']);
  expect(plan.stages.find((stage) => stage.name === 'application')).toMatchObject({
    leaveOut: ['requirements.txt', 'vendor/money'],
  });
  expect(contextMatcher(plan.context)('apps/api/vendor/money/setup.py')).toBe(true);
});

it('a project inside of a library is no part of its wheel', () => {
  const files = {
    'apps/api/requirements.txt': 'flask==3.1.0\n-e ../..\n',
    'setup.py': '',
  };
  const plan = planOf(files, ['.', 'apps/web']);
  expect(librariesOf(plan)).toMatchObject([{ root: '.', without: ['apps/api'] }]);
  expect(plan.stages.find((stage) => stage.name === 'application')).toMatchObject({ trees: ['apps/api'] });
  const sent = contextMatcher(plan.context);
  expect([sent('setup.py'), sent('apps/api/app.py'), sent('apps/web/index.ts')]).toEqual([true, true, false]);
});

describe('a version that comes from git', () => {
  const versioned = (more: string): Record<string, string> => ({
    'libs/money/pyproject.toml': `[project]\nname = "money"\ndynamic = ["version"]\n${HATCH}[tool.hatch.version]\nsource = "vcs"\n${more}`,
  });

  it('is the one that the project wants without git', () => {
    const plan = planOf(versioned('fallback-version = "2.5.0"\n'));
    expect(librariesOf(plan)[0]).toMatchObject({ version: '2.5.0' });
    expect(plan.findings).toEqual([]);
  });

  it('else none, and that is said', () => {
    const plan = planOf(versioned(''));
    expect(librariesOf(plan)[0]).toMatchObject({ version: '0.0.0' });
    expect(plan.findings).toMatchObject([{ code: 'version-from-git' }]);
  });

  it('is never what a shell would read as more than a version', () => {
    expect(librariesOf(planOf(versioned('fallback-version = "1; rm"\n')))[0]).toMatchObject({
      version: '0.0.0',
    });
  });
});
