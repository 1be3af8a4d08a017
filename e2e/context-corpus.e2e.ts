import { filesOf, fixtures, rootOf } from '../packages/docker-python/fixtures/corpus';
import { NEWEST } from '../tools/workspace/nx-versions';
import { received } from './harness/received';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

/** Asks Nx, by the module that `nx show target` asks, which files enter the hash of each build. */
const INSPECT = `
const { writeFileSync } = require('node:fs');
const { createProjectGraphAsync } = require('@nx/devkit');
const { HashPlanInspector } = require('./node_modules/nx/dist/src/hasher/hash-plan-inspector.js');
(async () => {
  const graph = await createProjectGraphAsync();
  const inspector = new HashPlanInspector(graph);
  await inspector.init();
  const hashed = Object.entries(graph.nodes).flatMap(([project, { data }]) =>
    data.targets?.['docker-build'] === undefined
      ? []
      : [[data.root, inspector.inspectTask({ project, target: 'docker-build' }, {}, {}, true)[project + ':docker-build']]]);
  writeFileSync('.nx/hashed.json', JSON.stringify(Object.fromEntries(hashed)));
  process.exit(0);
})();
`;

/** What no engine needs, and what nobody may see, beside the code of every fixture. */
const JUNK = {
  '.env': 'TOKEN=1\n',
  'notes.log': 'x\n',
  'tests/test_junk.py': '',
  'node_modules/x/index.js': '',
  '.venv/pyvenv.cfg': '',
  'kept.data': 'x\n',
  'deep/er/kept.json': '{}\n',
};

/** Hashed, since they decide about the image, and not sent. */
const DECIDE = ['docker-python.json', 'Dockerfile', 'Dockerfile.dockerignore'];

/** Nx hashes these into every task. */
const ALWAYS = ['nx.json', '.gitignore', '.nxignore'];

/** Read by the stage `dev` alone, and Nx has one set of inputs for all stages. */
const DEVELOPMENT = ['apps/pip-quart-production/requirements/development.txt'];

describe('for every fixture, what Nx hashes is what BuildKit receives', () => {
  const corpus = fixtures();
  let workspace: Workspace;
  let hashed: Readonly<Record<string, readonly string[]>>;

  beforeAll(async () => {
    const files = corpus.flatMap((fixture) => {
      const root = rootOf(fixture);
      const own = filesOf(fixture);
      const settings = own[`${root}/docker-python.json`] ?? '{ "version": 1 }';
      // Detection of a start command is not the question here.
      const command = { command: ['python', '-V'], ...(JSON.parse(settings) as object) };
      return [
        ...Object.entries(own),
        ...Object.entries(JUNK).map(([path, text]) => [`${root}/${path}`, text] as const),
        [`${root}/docker-python.json`, JSON.stringify(command)] as const,
        [`${root}/project.json`, JSON.stringify({ name: fixture.name })] as const,
      ];
    });
    workspace = await createWorkspace(NEWEST, {
      ...Object.fromEntries(files),
      '.gitignore': 'node_modules\n.nx\ndist\n*.log\n',
    });
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    const { exitCode, output } = await workspace.run(process.execPath, ['-e', INSPECT]);
    if (exitCode !== 0) throw new Error(output);
    hashed = JSON.parse(workspace.read('.nx/hashed.json')) as typeof hashed;
  }, 5 * MINUTES);

  afterAll(() => workspace.remove());

  it.each(corpus.map((fixture) => [fixture.name, rootOf(fixture)] as const))('%s', async (_, root) => {
    const decide = DECIDE.map((name) => `${root}/${name}`);
    const files = hashed[root]!.filter((input) => input.startsWith('file:')).map((input) => input.slice(5));
    const sent = await received(workspace, root);
    expect(sent).toEqual(
      files.filter((path) => ![...decide, ...ALWAYS, ...DEVELOPMENT].includes(path)).sort(),
    );
    expect(files).toEqual(expect.arrayContaining(decide));
    expect(sent).toEqual(expect.arrayContaining([`${root}/kept.data`, `${root}/deep/er/kept.json`]));
    expect(sent.join('\n')).not.toMatch(/\.env|\.log|node_modules|\.venv|test_junk/);
  });
});
