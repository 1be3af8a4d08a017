import { failureOf } from '../testing/failures';
import { sampleProject } from '../testing/projects';
import type { Settings } from '../settings/schema';
import type { PythonProject } from '../detection/types';
import { defaultProcess, planImage } from './plan';
import type { ImagePlan, Stage } from './types';

const UV = { name: 'uv', version: '0.9.0' } as const;

const plan = (project: Partial<PythonProject> = {}, settings: Settings = {}): ImagePlan =>
  planImage(sampleProject(project), settings, UV, { otherRoots: ['.', 'apps/api', 'apps/other'] });

function stage<N extends Stage['name']>(of: ImagePlan, name: N): Extract<Stage, { name: N }> {
  return of.stages.find((candidate) => candidate.name === name) as Extract<Stage, { name: N }>;
}

describe('an ordinary project', () => {
  const { runtime, ...ordinary } = plan();

  it('has its stages in the order in which they are rebuilt less and less seldom', () => {
    expect(ordinary.stages.map(({ name }) => name)).toEqual([
      'base',
      'scripts',
      'stdlib',
      'builder',
      'lock',
      'dependencies',
      'linkage',
      'application',
      'processes',
      'runtime',
    ]);
    expect(stage(plan(), 'runtime').copies).toEqual(['stdlib', 'dependencies', 'application', 'processes']);
  });

  it('runs as a numeric user of group 0, under tini, in its own folder', () => {
    expect(runtime).toEqual({
      user: '10001:0',
      buildInfo: false,
      workdir: '/app/apps/api',
      env: {
        PYTHONUNBUFFERED: '1',
        PYTHONFAULTHANDLER: '1',
        HOME: '/tmp',
        USER: 'app',
        LOGNAME: 'app',
        FORWARDED_ALLOW_IPS: '*',
        GUNICORN_CMD_ARGS: '--worker-tmp-dir=/dev/shm --threads=4 --graceful-timeout=8 --access-logfile=-',
      },
      health: { interval: 10, timeout: 5, startPeriod: 20 },
      ports: [8000],
      entrypoint: ['tini', '--'],
      command: ['web'],
    });
  });

  it('copies its tree without what only says what to install', () => {
    expect(stage(plan(), 'application')).toEqual({
      name: 'application',
      trees: ['apps/api'],
      artifacts: [],
      place: '/app/apps/api',
      leaveOut: ['requirements.txt'],
      importPath: ['/app/apps/api'],
      distribution: 'api',
      needs: [],
      steps: [],
    });
  });
});

describe('the base', () => {
  it.each<[Settings, string]>([
    [{}, 'python:3.13-slim-trixie'],
    [{ base: 'registry.example.com:5000/python:{python}-x' }, 'registry.example.com:5000/python:3.13-x'],
    [{ base: `python@sha256:${'0'.repeat(64)}` }, `python@sha256:${'0'.repeat(64)}`],
  ])('%j -> %s', (settings, reference) => {
    expect(stage(plan({}, settings), 'base').image.reference).toBe(reference);
  });

  it.each([
    ['3.14', 'python:3.14-slim-trixie'],
    ['3.9', 'python:3.9-slim-trixie'],
    ['3.8', 'python:3.8-slim-bookworm'],
    ['3.6', 'python:3.6-slim-bullseye'],
  ])('of Python %s is the newest Debian that there is an image for: %s', (python, reference) => {
    const of = plan({ python: { value: python, from: '.python-version' } });
    expect(stage(of, 'base').image.reference).toBe(reference);
  });

  it.each(['python:3 AS x', 'python:3\nRUN evil', '-x', '$BASE', 'python:{version}', ' python'])(
    '%j is none',
    (base) => {
      expect(failureOf(() => plan({}, { base })).code).toBe('INVALID_SETTINGS');
    },
  );

  it('has the packages to run, and the builder those to build', () => {
    const both = plan({}, { systemPackages: { build: ['gcc'], runtime: ['libpq5'] } });
    expect([stage(both, 'base').packages, stage(both, 'builder').packages]).toEqual([['libpq5'], ['gcc']]);
  });
});

it.each([
  ['a list that is locked', { hashed: true, network: false }, { PIP_FIND_LINKS: 'http://w/' }, true],
  ['one that is resolved', { hashed: true, network: true }, {}, true],
  [
    'one that is resolved from pages of wheels',
    { hashed: true, network: true },
    { UV_FIND_LINKS: 'http://w/' },
    false,
  ],
])('whether hashes are demanded: %s', (_, recipe, buildEnv, demanded) => {
  const planned = plan({ recipe: { ...sampleProject().recipe, ...recipe } }, { buildEnv });
  expect(stage(planned, 'dependencies').requireHashes).toBe(demanded);
});

describe('the application', () => {
  it('leaves out the lock files of its project, not those of the workspace, which it never copies', () => {
    const files = [
      'apps/api/pyproject.toml',
      'apps/api/requirements/base.txt',
      'apps/api/uv.lock',
      'constraints.txt',
      'pyproject.toml',
    ];
    const application = stage(plan({ recipe: { ...sampleProject().recipe, files } }), 'application');
    expect(application.leaveOut).toEqual(['requirements/base.txt', 'uv.lock']);
    expect(application.trees).toEqual(['apps/api']);
  });

  it.each([
    'uv.lock',
    'poetry.lock',
    'pdm.lock',
    'Pipfile',
    'Pipfile.lock',
    'pylock.toml',
    'pylock.prod.toml',
    'requirements.txt',
    'requirements-prod.txt',
    'requirements.in',
    'prod.requirements.txt',
    'constraints.txt',
    'deps/requirements/base.txt',
  ])('%s only says what to install', (file) => {
    const recipe = { ...sampleProject().recipe, files: [`apps/api/${file}`] };
    expect(stage(plan({ recipe }), 'application').leaveOut).toEqual([file]);
  });

  it.each(['pyproject.toml', 'setup.py', 'setup.cfg', 'lock.py', 'requirements.py', 'uv.lock.md'])(
    '%s stays',
    (file) => {
      const recipe = { ...sampleProject().recipe, files: [`apps/api/${file}`] };
      expect(stage(plan({ recipe }), 'application').leaveOut).toEqual([]);
    },
  );

  it('has its source roots on the import path, in order', () => {
    expect(stage(plan({ sourceRoots: ['src', '.'] }), 'application').importPath).toEqual([
      '/app/apps/api/src',
      '/app/apps/api',
    ]);
    const root = plan({ root: '.', sourceRoots: ['src', '.'] });
    expect(stage(root, 'application')).toMatchObject({
      importPath: ['/app/src', '/app'],
      place: '/app',
      trees: ['.'],
      leaveOut: ['requirements.txt'],
    });
    expect(root.runtime.workdir).toBe('/app');
  });

  it('brings along what the settings include', () => {
    const trees = stage(
      plan({}, { include: ['{workspaceRoot}/config/api/**', '{workspaceRoot}/VERSION'] }),
      'application',
    ).trees;
    expect(trees).toEqual(['apps/api', 'config/api', 'VERSION']);
  });

  it.each([
    '{workspaceRoot}/my config/**',
    '{workspaceRoot}/a,b/**',
    '{workspaceRoot}/a:b',
    "{workspaceRoot}/a'b",
  ])('refuses to include %j, which no mount can name', (include) =>
    expect(failureOf(() => plan({}, { include: [include] })).code).toBe('UNSUPPORTED_PATH'),
  );
});

describe('processes', () => {
  const web = { value: { command: ['serve'], port: 80 }, from: 'x' };
  const worker = { value: { command: ['work'] }, from: 'x' };

  it('default to web, else to the first', () => {
    expect(defaultProcess(sampleProject({ processes: { worker, web } })).command).toEqual(['serve']);
    expect(defaultProcess(sampleProject({ processes: { worker, migrate: web } })).command).toEqual(['work']);
  });

  it('expose a port only if there is one', () => {
    expect(plan({ processes: { worker } }).runtime.ports).toEqual([]);
  });
});

it('lets settings replace environment variables of ours', () => {
  expect(plan({}, { env: { HOME: '/home', A: '1' } }).runtime.env).toEqual({
    PYTHONUNBUFFERED: '1',
    PYTHONFAULTHANDLER: '1',
    HOME: '/home',
    USER: 'app',
    LOGNAME: 'app',
    FORWARDED_ALLOW_IPS: '*',
    GUNICORN_CMD_ARGS: '--worker-tmp-dir=/dev/shm --threads=4 --graceful-timeout=8 --access-logfile=-',
    A: '1',
  });
});

it('insists on hashes where the list has them, and only there', () => {
  const recipe = sampleProject().recipe;
  expect(stage(plan(), 'dependencies').requireHashes).toBe(true);
  expect(stage(plan({ recipe: { ...recipe, hashed: false } }), 'dependencies').requireHashes).toBe(false);
});
