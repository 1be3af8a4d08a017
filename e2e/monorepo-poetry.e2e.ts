import { NEWEST, NX_VERSIONS } from '../tools/workspace/nx-versions';
import { baseRow, commonRows, type Outcome, type Row, Services } from './harness/changes';
import { outputOf, removeImages } from './harness/docker';
import { libraryFiles, type PoetryLibrary, type PoetryService, serviceLock } from './harness/poetry-projects';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;
const BASE = 'e2e-poetry-base/python:3.13-slim-trixie';

const core: PoetryLibrary = { name: 'core' };
const middle: PoetryLibrary = { name: 'middle', libraries: [core] };
const solo: PoetryLibrary = { name: 'solo', needs: ['itsdangerous'] };
const idle: PoetryLibrary = { name: 'idle' };

const OLD = 'itsdangerous 2.1.2';
const SERVICES: Readonly<Record<string, PoetryService>> = {
  a: { name: 'a', libraries: [core] },
  b: { name: 'b', libraries: [core] },
  c: { name: 'c', libraries: [middle] },
  d: { name: 'd', libraries: [solo], pins: [OLD] },
  e: { name: 'e', needs: ['itsdangerous'], pins: [OLD] },
  f: { name: 'f', needs: ['iniconfig'], pins: ['iniconfig 2.1.0'] },
  g: { name: 'g', needs: ['iniconfig'], pins: ['iniconfig 2.1.0'] },
  h: { name: 'h' },
};

const IMAGES = Object.fromEntries(
  Object.values(SERVICES).map(({ name, libraries }) => [`e2e-poetry-${name}`, libraries !== undefined]),
);
const of = (names: string): readonly string[] => [...names].map((name) => `e2e-poetry-${name}`);
const each = (names: string, layers: readonly string[]): Outcome['rebuilt'] =>
  Object.fromEntries(of(names).map((name) => [name, layers]));

function serviceFiles(service: PoetryService): Record<string, string> {
  const root = `services/${service.name}`;
  return {
    ...serviceLock(service),
    [`${root}/project.json`]: JSON.stringify({ name: `e2e-poetry-${service.name}` }),
    [`${root}/main.py`]: `print("${service.name}")\n`,
    [`${root}/docker-python.json`]: '{ "version": 1, "command": ["python", "main.py"] }\n',
  };
}

/** Eight services with a lock each, four libraries beside them, and a project that is not Python. */
const FILES = {
  '.python-version': '3.13\n',
  ...Object.assign({}, ...Object.values(SERVICES).map(serviceFiles)),
  ...Object.assign({}, ...[core, middle, solo, idle].map(libraryFiles)),
  'web/project.json': '{ "name": "web" }',
  'web/index.js': 'console.log("web");\n',
} as Record<string, string>;

function writeAll(workspace: Workspace, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) workspace.write(path, text);
}

describe('eight services of Poetry with a lock each and four libraries beside them', () => {
  let services: Services;
  let workspace: Workspace;

  beforeAll(async () => {
    // Those of an earlier run would be found by their keys, and nothing built.
    await removeImages(...Object.keys(IMAGES));
    workspace = await createWorkspace(NEWEST, FILES);
    services = new Services(workspace, IMAGES);
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    await workspace.nx('run-many', '-t', 'docker-build', '--batch', '--outputStyle=static');
  }, 10 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages(...Object.keys(IMAGES), BASE.split(':')[0]!);
  });

  it.each<Row>([
    [
      'a bump of a package in the locks of the two that install it, one through a library',
      'de',
      ['dependencies'],
      () => {
        for (const name of 'de')
          writeAll(workspace, serviceLock({ ...SERVICES[name]!, pins: ['itsdangerous 2.2.0'] }));
      },
    ],
    [
      'a new library that nobody uses',
      '',
      [],
      () => writeAll(workspace, libraryFiles({ name: 'fresh', libraries: [core] })),
    ],
    ...commonRows(() => workspace),
    baseRow(() => workspace, BASE),
  ])(
    '%s',
    async (_, names, layers, work) => {
      const { selected, rebuilt } = await services.change(work);
      expect({ selected, rebuilt }).toEqual({ selected: of(names), rebuilt: each(names, layers) });
    },
    10 * MINUTES,
  );

  it(
    // What one shared lock has over one for each: manifest and lock lie in the project, so they are in its image.
    'a development tool in one lock: that image, its application alone',
    async () => {
      const { selected, rebuilt } = await services.change(() =>
        writeAll(workspace, serviceLock({ ...SERVICES['h']!, tool: 'iniconfig 2.1.0' })),
      );
      expect({ selected, rebuilt }).toEqual({ selected: of('h'), rebuilt: each('h', ['application']) });
    },
    10 * MINUTES,
  );

  it('and they run', async () => {
    expect(await outputOf('e2e-poetry-d')).toBe('D');
  });
});

describe.each(NX_VERSIONS.filter((version) => version !== NEWEST))(
  'the same projects on Nx $nx',
  (version) => {
    let workspace: Workspace;

    beforeAll(async () => {
      workspace = await createWorkspace(version, FILES);
    });

    afterAll(() => workspace.remove());

    it.each([
      ['code of one service', 'd', 'services/d/main.py'],
      ['code of a library that three use, one through another', 'abc', 'libs/core/core/__init__.py'],
      ['a bump in two locks', 'de', 'services/d/poetry.lock,services/e/poetry.lock'],
      ['a library that nobody uses', '', 'libs/idle/idle/__init__.py'],
      ['settings of one service', 'h', 'services/h/docker-python.json'],
      ['a default of the whole workspace', 'abcdefgh', 'nx.json'],
    ])('%s selects those that it is about', async (_, names, files) => {
      const argv = ['affected', '-t', 'docker-build', '--graph=stdout', `--files=${files}`];
      const output = await workspace.nx(...argv);
      const selected = [...output.matchAll(/"id": "([\w-]+):docker-build"/g)].map(([, name]) => name!);
      expect([...new Set(selected)].sort()).toEqual(of(names));
    });
  },
);
