import { recordRow } from '../tools/checklist/results';
import { timesCarriedOut } from './harness/build-checks';
import { baseRow, commonRows, type Outcome, type Row, Services } from './harness/changes';
import { outputOf, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';
import { uv } from '../tools/uv/lock';
import { NEWEST, NX_VERSIONS, type NxVersion } from '../tools/workspace/nx-versions';

const MINUTES = 60_000;

const pyproject = (name: string, dependencies: readonly string[], more = ''): string =>
  `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.11"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;

const HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';

/** A library of the uv workspace: its folder name is its import name. */
function library(name: string, dependencies: readonly string[] = []): Record<string, string> {
  return {
    [`libs/${name}/pyproject.toml`]: pyproject(
      `acme-${name}`,
      dependencies,
      `\n${HATCH}\n[tool.hatch.build.targets.wheel]\npackages = ["${name}"]\n`,
    ),
    [`libs/${name}/${name}/__init__.py`]: `NAME = "${name}"\n`,
    [`libs/${name}/tests/test_${name}.py`]: '',
  };
}

function service(name: string, dependencies: readonly string[]): Record<string, string> {
  const root = `services/${name}`;
  return {
    [`${root}/project.json`]: JSON.stringify({ name: `e2e-mono-${name}` }),
    [`${root}/pyproject.toml`]: pyproject(name, dependencies),
    [`${root}/main.py`]: `print("${name}")\n`,
    [`${root}/docker-python.json`]: '{ "version": 1, "command": ["python", "main.py"] }\n',
  };
}

/** Eight services and four libraries under one uv.lock, and a project that is not Python. */
const FILES = {
  '.python-version': '3.13\n',
  'pyproject.toml': `[project]\nname = "everything"\nversion = "0"\nrequires-python = ">=3.11"\n\n[dependency-groups]\ndev = ["iniconfig"]\n\n[tool.uv]\npackage = false\n\n[tool.uv.workspace]\nmembers = ["services/*", "libs/*"]\n\n[tool.uv.sources]\n${['core', 'middle', 'solo', 'idle', 'fresh'].map((name) => `acme-${name} = { workspace = true }`).join('\n')}\n`,
  ...service('a', ['markupsafe', 'acme-core']),
  ...service('b', ['acme-core']),
  ...service('c', ['acme-middle']),
  ...service('d', ['acme-solo']),
  ...service('e', ['jinja2']),
  ...service('f', ['six']),
  ...service('g', ['six']),
  ...service('h', []),
  ...library('core'),
  ...library('middle', ['acme-core']),
  ...library('solo', ['six']),
  ...library('idle'),
  'web/project.json': '{ "name": "web" }',
  'web/index.js': 'console.log("web");\n',
};

const IMAGES = Object.fromEntries(
  'abcdefgh'.split('').map((name) => [`e2e-mono-${name}`, 'abcd'.includes(name)]),
);
/** Another base than that of all others, made here. */
const BASE = 'e2e-mono-base/python:3.13-slim-trixie';

const of = (names: string): readonly string[] => names.split('').map((name) => `e2e-mono-${name}`);

/** Each project with the same layers. */
const each = (names: string, layers: readonly string[]): Outcome['rebuilt'] =>
  Object.fromEntries(of(names).map((name) => [name, layers]));

/** Rows 15 and 16 of IMAGE-CHECKLIST: what a bump or an edit of a library may not touch. */
function noteRows({ rebuilt }: Outcome, changed: readonly string[], layers: readonly string[]): void {
  const bump = layers.includes('dependencies');
  if (!bump && !layers.includes('libraries')) return;
  const [row, property] = bump
    ? ([15, "another service's pin changes no layer"] as const)
    : ([16, 'an edit of a library leaves the dependencies alone'] as const);
  const images = Object.keys(IMAGES).filter((image) => changed.includes(image) !== bump);
  const touched = (image: string): string =>
    (rebuilt[image] ?? []).filter((layer) => bump || layer === 'dependencies').join(', ');
  for (const image of images) recordRow({ row, property, image, problem: touched(image) });
  // What it looks like where something is touched.
  if (bump) for (const image of changed) expect(touched(image)).not.toBe('');
}

/** Docs promise it of many builds on one builder. */
function expectSharedOnce({ output }: Outcome): void {
  for (const stage of ['base', 'installer', 'stdlib'] as const)
    expect([stage, timesCarriedOut(output, stage)]).toEqual([stage, 1]);
}

/** One bump alone; everything else stays as it is locked. */
const pin = (...packages: string[]): readonly string[] => [
  'lock',
  '-q',
  ...packages.flatMap((entry) => ['-P', entry]),
];

describe.each(NX_VERSIONS)(
  'eight services and four libraries under one uv.lock, on Nx $nx',
  (version: NxVersion) => {
    let services: Services;
    let workspace: Workspace;

    beforeAll(async () => {
      // Those of another version of Nx would be found by their keys, and nothing built.
      await removeImages(...Object.keys(IMAGES));
      workspace = await createWorkspace(version, FILES);
      services = new Services(workspace, IMAGES);
      await uv(workspace.root, pin('markupsafe==3.0.2', 'iniconfig==2.0.0'));
      await workspace.nx('sync');
      await workspace.commit('dockerized');
      await workspace.nx('run-many', '-t', 'docker-build', '--batch', '--outputStyle=static');
    }, 10 * MINUTES);

    afterAll(async () => {
      workspace.remove();
      if (version === NEWEST) await removeImages(...Object.keys(IMAGES), BASE.split(':')[0]!);
    });

    /** Nx 24 selects tasks by their inputs; before, projects by their files and edges, and the task is a cache hit. */
    const selects = (exactly: string, { selected }: Outcome): void => {
      if (version === NEWEST) expect(selected).toEqual(of(exactly));
      else expect(selected).toEqual(expect.arrayContaining([...of(exactly)]));
    };

    it.each<Row>([
      [
        'a bump of a package that two install, one transitively',
        'ae',
        ['dependencies'],
        () => uv(workspace.root, pin('markupsafe==3.0.3')),
      ],
      ['a bump of a development tool', '', [], () => uv(workspace.root, pin('iniconfig==2.1.0'))],
      [
        'a new library that nobody uses',
        '',
        [],
        async () => {
          for (const [path, text] of Object.entries(library('fresh'))) workspace.write(path, text);
          await uv(workspace.root, pin());
        },
      ],
      ...commonRows(() => workspace),
      ...(version === NEWEST ? [baseRow(() => workspace, BASE)] : []),
    ])(
      '%s',
      async (_, names, layers, work) => {
        const outcome = await services.change(work);
        noteRows(outcome, of(names), layers);
        if (layers.includes('base')) expectSharedOnce(outcome);
        expect(outcome.rebuilt).toEqual(each(names, layers));
        selects(names, outcome);
      },
      10 * MINUTES,
    );

    it('and they run', async () => {
      expect(await outputOf('e2e-mono-d')).toBe('D');
    });
  },
);
