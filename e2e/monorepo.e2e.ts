import { recordRow } from '../tools/checklist/results';
import { docker, outputOf, removeImages } from './harness/docker';
import { createWorkspace, type Workspace } from './harness/workspace';
import { uv } from '../tools/uv/lock';
import { NEWEST, NX_VERSIONS, type NxVersion } from '../tools/workspace/nx-versions';

const MINUTES = 60_000;

/** What a change led to. */
interface Outcome {
  /** Projects whose docker-build `nx affected` ran or restored. */
  readonly selected: readonly string[];
  /** Projects whose image has another digest, with the layers that are new in it. */
  readonly rebuilt: Readonly<Record<string, readonly string[]>>;
}

/** The layers of an image that are its own, from the top. The first is empty but for the folder. */
const LAYERS = ['working directory', 'processes', 'application', 'libraries', 'dependencies', 'stdlib'];
const WITHOUT_LIBRARIES = LAYERS.filter((name) => name !== 'libraries');

interface State {
  readonly id: string;
  readonly layers: readonly string[];
}

async function stateOf(image: string): Promise<State> {
  const [id, layers] = (
    await docker('image', 'inspect', '--format={{.Id}} {{json .RootFS.Layers}}', image)
  ).split(' ');
  return { id: id!, layers: JSON.parse(layers!) as string[] };
}

/** A workspace whose images are compared before and after changes. */
class Services {
  constructor(
    readonly workspace: Workspace,
    /** Project, which is the image's name as well, to whether it has libraries. */
    readonly images: Readonly<Record<string, boolean>>,
  ) {}

  private async states(): Promise<Map<string, State>> {
    const names = Object.keys(this.images);
    const states = await Promise.all(names.map(stateOf));
    return new Map(names.map((name, at) => [name, states[at]!]));
  }

  /** Makes a change as a developer does, managed files included, and builds what is affected. */
  async change(work: () => unknown): Promise<Outcome> {
    const { workspace } = this;
    const before = await this.states();
    await work();
    await workspace.nx('sync');
    await workspace.commit('a change');
    const argv = ['-t', 'docker-build', '--base=HEAD~1', '--outputStyle=static', '--parallel=2'];
    const output = await workspace.nx('affected', ...argv);
    const selected = new Set(
      [...output.matchAll(/^> nx run ([\w-]+):docker-build/gm)].map(([, name]) => name!),
    );
    const rebuilt: Record<string, readonly string[]> = {};
    for (const [name, { id, layers }] of await this.states()) {
      const old = before.get(name)!;
      if (old.id === id) continue;
      const names = this.images[name] ? LAYERS : WITHOUT_LIBRARIES;
      const own = layers.toReversed().map((layer, at) => [names[at] ?? 'base', layer] as const);
      rebuilt[name] = own.filter(([, layer]) => !old.layers.includes(layer)).map(([layer]) => layer);
    }
    return { selected: [...selected].sort(), rebuilt };
  }
}

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
      workspace = await createWorkspace(version, FILES);
      services = new Services(workspace, IMAGES);
      await uv(workspace.root, pin('markupsafe==3.0.2', 'iniconfig==2.0.0'));
      await workspace.nx('sync');
      await workspace.commit('dockerized');
      await workspace.nx('run-many', '-t', 'docker-build', '--batch', '--outputStyle=static');
    }, 10 * MINUTES);

    afterAll(async () => {
      workspace.remove();
      if (version === NEWEST) await removeImages(...Object.keys(IMAGES));
    });

    /** Nx 24 selects tasks by their inputs; before, projects by their files and edges, and the task is a cache hit. */
    const selects = (exactly: string, { selected }: Outcome): void => {
      if (version === NEWEST) expect(selected).toEqual(of(exactly));
      else expect(selected).toEqual(expect.arrayContaining([...of(exactly)]));
    };

    it.each<[string, string, readonly string[], () => unknown]>([
      [
        'code of one service',
        'd',
        ['application'],
        () => workspace.write('services/d/main.py', 'print("D")\n'),
      ],
      [
        'code of a library that three use, one through another',
        'abc',
        ['libraries'],
        () => workspace.write('libs/core/core/__init__.py', 'NAME = "CORE"\n'),
      ],
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
      [
        'tests, documentation, a project of another language',
        '',
        [],
        () => {
          workspace.write('services/a/tests/test_a.py', 'X = 1\n');
          workspace.write('services/b/README.md', '# B\n');
          workspace.write('libs/core/tests/test_core.py', 'X = 2\n');
          workspace.write('web/index.js', 'console.log("other");\n');
        },
      ],
      [
        'settings of one service',
        'h',
        [],
        () =>
          workspace.write(
            'services/h/docker-python.json',
            '{ "version": 1, "command": ["python", "main.py"], "env": { "A": "1" } }\n',
          ),
      ],
      [
        'a default of the whole workspace',
        'abcdefgh',
        [],
        () => {
          const nx = JSON.parse(workspace.read('nx.json')) as Record<string, unknown>;
          const plugins = [{ plugin: 'docker-python', options: { defaults: { env: { TEAM: 'x' } } } }];
          workspace.write('nx.json', JSON.stringify({ ...nx, plugins }));
        },
      ],
    ])(
      '%s',
      async (_, names, layers, work) => {
        const outcome = await services.change(work);
        noteRows(outcome, of(names), layers);
        expect(outcome.rebuilt).toEqual(each(names, layers));
        selects(names, outcome);
      },
      3 * MINUTES,
    );

    it('and they run', async () => {
      expect(await outputOf('e2e-mono-d')).toBe('D');
    });
  },
);

/** A lock of Poetry. The digest is that of the manifest's dependencies. */
function poetryLock(version: keyof typeof HASHES, digest: string, more = ''): string {
  const files = HASHES[version]
    .map(([file, hash]) => `    {file = "${file}", hash = "sha256:${hash}"},`)
    .join('\n');
  return `# This file is automatically @generated by Poetry 2.5.1 and should not be changed by hand.\n\n${more}[[package]]\nname = "itsdangerous"\nversion = "${version}"\ndescription = ""\noptional = false\npython-versions = ">=3.7"\ngroups = ["main"]\nfiles = [\n${files}\n]\n\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\ncontent-hash = "${digest}"\n`;
}

const HASHES = {
  '2.1.2': [
    [
      'itsdangerous-2.1.2-py3-none-any.whl',
      '2c2349112351b88699d8d4b6b075022c0808887cb7ad10069318a8b0bc88db44',
    ],
    ['itsdangerous-2.1.2.tar.gz', '5dbbc68b317e5e42f327f9021763545dc3fc3bfe22e6deb96aaf1fc38874156a'],
  ],
  '2.2.0': [
    [
      'itsdangerous-2.2.0-py3-none-any.whl',
      'c6242fc49e35958c8b15141343aa660db5fc54d4f13a1db01a3f5891b98700ef',
    ],
    ['itsdangerous-2.2.0.tar.gz', 'e0050c0b7da1eea53ffaf149c0cfbb5c6e2e2b69c4bef22c81fa6eb73e5f6173'],
  ],
} as const;

const WITH_CORE = '8176fa7a2c178ddf72b2f7130d299f9b4cc051e527d4ece356c33dfa8e9d858b';
const WITHOUT_CORE = 'a1a0460598292823812c9c769a45c8eea6e50f1042ed5f1eab24e50ce89cf09d';
const CORE =
  '[[package]]\nname = "acme-core"\nversion = "1.0"\ndescription = ""\noptional = false\npython-versions = ">=3.11"\ngroups = ["main"]\nfiles = []\ndevelop = true\n\n[package.source]\ntype = "directory"\nurl = "../../libs/core"\n\n';

/** The lock of a service of Poetry: with the library, or without. */
function lockOf(name: string, version: keyof typeof HASHES): string {
  return name === 'r' ? poetryLock(version, WITHOUT_CORE) : poetryLock(version, WITH_CORE, CORE);
}

function poetryService(name: string): Record<string, string> {
  const root = `services/${name}`;
  const core = name === 'r' ? '' : 'acme-core = { path = "../../libs/core", develop = true }\n';
  return {
    [`${root}/project.json`]: JSON.stringify({ name: `e2e-mono-${name}` }),
    [`${root}/pyproject.toml`]: `[tool.poetry]\nname = "${name}"\nversion = "1.0"\ndescription = ""\nauthors = []\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = ">=3.11"\nitsdangerous = ">=2.1"\n${core}`,
    [`${root}/poetry.lock`]: lockOf(name, '2.1.2'),
    [`${root}/.python-version`]: '3.13\n',
    [`${root}/main.py`]: `print("${name}")\n`,
    [`${root}/docker-python.json`]: '{ "version": 1, "command": ["python", "main.py"] }\n',
  };
}

describe('three services of Poetry with a lock each and a library beside them', () => {
  let services: Services;
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST, {
      ...poetryService('p'),
      ...poetryService('q'),
      ...poetryService('r'),
      'libs/core/pyproject.toml':
        '[project]\nname = "acme-core"\nversion = "1.0"\nrequires-python = ">=3.11"\n\n[build-system]\nrequires = ["poetry-core>=2"]\nbuild-backend = "poetry.core.masonry.api"\n\n[tool.poetry]\npackages = [{ include = "core" }]\n',
      'libs/core/core/__init__.py': 'NAME = "core"\n',
    });
    services = new Services(workspace, { 'e2e-mono-p': true, 'e2e-mono-q': true, 'e2e-mono-r': false });
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    await workspace.nx('run-many', '-t', 'docker-build', '--outputStyle=static', '--parallel=2');
  }, 10 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-mono-p', 'e2e-mono-q', 'e2e-mono-r');
  });

  it.each<[string, string, readonly string[], () => unknown]>([
    [
      'code of one service',
      'p',
      ['application'],
      () => workspace.write('services/p/main.py', 'print("P")\n'),
    ],
    [
      'code of the library',
      'pq',
      ['libraries'],
      () => workspace.write('libs/core/core/__init__.py', 'NAME = "CORE"\n'),
    ],
    [
      'a bump in one lock',
      'q',
      ['dependencies'],
      () => workspace.write('services/q/poetry.lock', lockOf('q', '2.2.0')),
    ],
    ['tests', '', [], () => workspace.write('libs/core/tests/test_core.py', 'X = 1\n')],
  ])(
    '%s',
    async (_, names, layers, work) => {
      const outcome = await services.change(work);
      expect(outcome.rebuilt).toEqual(each(names, layers));
      expect(outcome.selected).toEqual(of(names));
    },
    3 * MINUTES,
  );
});
