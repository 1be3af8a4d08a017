import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NEWEST, NX_VERSIONS, type NxVersion } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

interface Manifest {
  readonly name: string;
  readonly members?: readonly string[];
  readonly more?: string;
}

/** A project of the uv workspace that needs some of its members. */
function manifest({ name, members = [], more = '' }: Manifest): string {
  return [
    `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.12"`,
    `dependencies = [${members.map((member) => `"${member}"`).join(', ')}]`,
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"',
    `[tool.uv.sources]\n${members.map((member) => `${member} = { workspace = true }`).join('\n')}\n${more}`,
  ].join('\n');
}

/** A uv.lock of members alone: folder and needs by name. */
function lock(members: Readonly<Record<string, readonly string[]>>): string {
  const entries = Object.entries(members).map(([name, [folder, ...needs]]) =>
    [
      `[[package]]\nname = "${name}"\nversion = "1.0"\nsource = { editable = "${folder}" }`,
      `dependencies = [${needs.map((need) => `{ name = "${need}" }`).join(', ')}]\n`,
    ].join('\n'),
  );
  return ['version = 1\nrequires-python = ">=3.12"\n', ...entries].join('\n');
}

/** Three services and three libraries, most of which no file names for Nx. */
const FILES = {
  'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n',
  'apps/api/pyproject.toml': manifest({ name: 'acme-api', members: ['acme-common'] }),
  'apps/api/project.json': '{ "name": "backend" }',
  'apps/jobs/pyproject.toml': manifest({ name: 'acme-jobs', members: ['acme-base'] }),
  'apps/site/pyproject.toml': manifest({
    name: 'acme-site',
    more: '[dependency-groups]\ndev = ["acme-testing @ file:../../libs/gone"]\n',
  }),
  ...Object.fromEntries(
    ['api', 'jobs', 'site'].flatMap((app) => [
      [`apps/${app}/docker-python.json`, '{ "version": 1, "command": ["python", "main.py"] }'],
      [`apps/${app}/main.py`, 'print("started")\n'],
    ]),
  ),
  'libs/common/pyproject.toml': manifest({ name: 'acme-common', members: ['acme-base'] }),
  'libs/common/acme_common/__init__.py': '',
  'libs/base/pyproject.toml': manifest({ name: 'Acme.Base' }),
  'libs/base/acme_base/__init__.py': '',
  'libs/unused/acme_unused/__init__.py': '',
  'uv.lock': lock({
    'acme-api': ['apps/api', 'acme-common'],
    'acme-jobs': ['apps/jobs', 'acme-base'],
    'acme-site': ['apps/site'],
    'acme-common': ['libs/common', 'acme-base'],
    'acme-base': ['libs/base'],
  }),
};

interface Graph {
  readonly graph: {
    readonly nodes: Readonly<Record<string, { readonly data: { readonly root: string } }>>;
    readonly dependencies: Readonly<
      Record<string, readonly { readonly target: string; readonly type: string }[]>
    >;
  };
}

async function graphOf(workspace: Workspace): Promise<Graph['graph']> {
  await workspace.nx('graph', '--file=tmp-graph.json');
  return (JSON.parse(workspace.read('tmp-graph.json')) as Graph).graph;
}

function targets(graph: Graph['graph'], source: string): readonly string[] {
  return graph.dependencies[source]!.map(({ target, type }) => `${target} (${type})`).sort();
}

/** The projects whose image a change of these files affects. */
async function affected(workspace: Workspace, ...files: readonly string[]): Promise<readonly string[]> {
  const output = await workspace.nx(
    'affected',
    '-t',
    'docker-build',
    '--graph=stdout',
    `--files=${files.join()}`,
  );
  const { tasks } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    tasks: { tasks: Record<string, unknown> };
  };
  return Object.keys(tasks.tasks)
    .filter((task) => task.endsWith(':docker-build'))
    .map((task) => task.split(':')[0]!)
    .sort();
}

describe.each(NX_VERSIONS.map((version): [string, NxVersion] => [version.nx, version]))(
  'the graph of a uv workspace on Nx %s',
  (_, version) => {
    let workspace: Workspace;

    beforeAll(async () => {
      workspace = await createWorkspace(version, FILES);
    });

    afterAll(() => workspace.remove());

    it('has the services, the libraries that they need, and the edges between them', async () => {
      const graph = await graphOf(workspace);
      const names = Object.fromEntries(
        Object.entries(graph.nodes).map(([name, { data }]) => [data.root, name]),
      );
      expect(names).toMatchObject({
        'apps/api': 'backend',
        'apps/jobs': 'acme-jobs',
        'libs/common': 'acme-common',
        'libs/base': 'acme-base',
      });
      expect(Object.keys(names)).not.toContain('libs/unused');
      expect(targets(graph, 'backend')).toEqual(['acme-common (static)']);
      expect(targets(graph, 'acme-common')).toEqual(['acme-base (static)']);
      expect(targets(graph, 'acme-jobs')).toEqual(['acme-base (static)']);
      expect(targets(graph, 'acme-site')).toEqual([]);
    });

    it('selects the images of a changed library, and of none for a library that nobody needs', async () => {
      expect(await affected(workspace, 'libs/common/acme_common/__init__.py')).toEqual(['backend']);
      expect(await affected(workspace, 'libs/base/acme_base/__init__.py')).toEqual(['acme-jobs', 'backend']);
      expect(await affected(workspace, 'libs/unused/acme_unused/__init__.py')).toEqual([]);
    });

    it('does not select every image because a manifest is gone', async () => {
      expect(await affected(workspace, 'libs/old/pyproject.toml')).toEqual([]);
    });
  },
);

describe('what goes wrong between projects', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST, {
      ...FILES,
      'jobs/twin/pyproject.toml': manifest({ name: 'acme-jobs' }),
      'jobs/twin/docker-python.json': '{ "version": 1, "command": ["python", "main.py"] }',
      'jobs/twin/main.py': '',
    });
  });

  afterAll(() => workspace.remove());

  it('is a finding: a local dependency that is not there', async () => {
    const output = (await workspace.nx('diagnose', 'acme-site')).replaceAll(/\s+/g, ' ');
    expect(output).toContain('refers to the folder libs/gone, which does not exist');
  });

  it('is a finding: a name that another project has', async () => {
    const output = (await workspace.nx('diagnose', 'jobs-twin')).replaceAll(/\s+/g, ' ');
    expect(output).toContain('another project is called acme-jobs');
  });
});

describe('beside @nxlv/python', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NX_VERSIONS[0], {
      ...FILES,
      'libs/common/project.json': '{ "name": "common" }',
      'nx.json': JSON.stringify({
        defaultBase: 'main',
        analytics: false,
        plugins: ['@nxlv/python', 'docker-python'],
      }),
      'tools/nxlv/package.json': '{ "name": "nxlv", "private": true }',
      '.gitignore': 'node_modules\n.nx\ndist\ntools/nxlv\n',
    });
    // In a folder of its own: npm would remove what it did not install from the workspace's.
    const installed = await workspace.run('npm', [
      ...[
        'install',
        '--prefix',
        'tools/nxlv',
        '--no-audit',
        '--no-fund',
        '--legacy-peer-deps',
        '--ignore-scripts',
      ],
      '@nxlv/python@23.1.1',
    ]);
    if (installed.exitCode !== 0) throw new Error(installed.output);
    mkdirSync(join(workspace.root, 'node_modules/@nxlv'), { recursive: true });
    symlinkSync(
      join(workspace.root, 'tools/nxlv/node_modules/@nxlv/python'),
      join(workspace.root, 'node_modules/@nxlv/python'),
    );
  });

  afterAll(() => workspace.remove());

  it('each edge is there once, and each project has one name', async () => {
    const graph = await graphOf(workspace);
    expect(targets(graph, 'backend')).toEqual(['common (implicit)']);
    expect(targets(graph, 'common')).toEqual(['acme-base (implicit)']);
    expect(Object.keys(graph.nodes).filter((name) => name.includes('common'))).toEqual(['common']);
    expect(await affected(workspace, 'libs/base/acme_base/__init__.py')).toEqual(['acme-jobs', 'backend']);
  });
});
