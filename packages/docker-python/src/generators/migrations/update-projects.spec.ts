import { quietly, workspaceTree, filesOf } from '../../testing/workspace';
import { FLASK } from '../../testing/projects';
import { managed } from '../../render/managed';
import { uvWorkspace } from '../../testing/uv-workspaces';
import ci from '../ci/generator';
import compose from '../compose/generator';
import setup from '../setup/generator';
import updateProjects from './update-projects';

const DOCKERFILE = 'apps/api/Dockerfile';

it('what an older version rendered is rendered again; what is current stays', async () => {
  const tree = workspaceTree();
  await quietly(() => setup(tree, { project: 'api' }));
  const current = filesOf(tree);
  expect((await quietly(() => updateProjects(tree))).value).toEqual([]);
  expect(filesOf(tree)).toEqual(current);
  tree.write(DOCKERFILE, managed('FROM scratch\n'));
  expect((await quietly(() => updateProjects(tree))).value).toEqual([]);
  expect(filesOf(tree)).toEqual(current);
});

it('what somebody edited stays and is left to do; a project that is broken does not stop others', async () => {
  const tree = workspaceTree({ api: FLASK, broken: FLASK, web: FLASK });
  for (const project of ['api', 'broken', 'web']) await quietly(() => setup(tree, { project }));
  tree.write(DOCKERFILE, `${tree.read(DOCKERFILE, 'utf-8')}# mine\n`);
  tree.write('apps/broken/docker-python.json', '{');
  tree.write('apps/web/Dockerfile', managed('FROM scratch\n'));
  const { value } = await quietly(() => updateProjects(tree));
  expect(value).toEqual([
    expect.stringMatching(
      /^apps\/api\/Dockerfile was edited by hand.*setup api --overwrite", then "git diff"/,
    ),
    expect.stringMatching(/^broken: apps\/broken\/docker-python\.json is not valid JSON/),
  ]);
  expect(tree.read(DOCKERFILE, 'utf-8')).toContain('# mine');
  expect(tree.read('apps/web/Dockerfile', 'utf-8')).toContain('AS runtime');
});

it('what other generators write is left to do, by the command that its first line has', async () => {
  const tree = workspaceTree();
  await quietly(() => setup(tree, { project: 'api' }));
  await quietly(() => ci(tree, { provider: 'github', schedule: 'daily' }));
  await quietly(() => compose(tree, { projects: ['api'], file: 'docker/compose.yml' }));
  tree.write('.github/workflows/test.yml', '# docker-python: nx g docker-python:ci\non: push\n');
  expect((await quietly(() => updateProjects(tree))).value).toEqual([
    expect.stringMatching(
      /^(tools\/ci\/docker-python\.sh|\.github\/workflows\/docker-python\.yml|, ){3}: run "nx g docker-python:ci --provider=github --schedule=daily",/,
    ),
    expect.stringMatching(
      /^docker\/compose\.yml: run "nx g docker-python:compose --projects=api --file=docker\/compose\.yml",/,
    ),
  ]);
});

it('a slice that its lock has left behind is left to do', async () => {
  const tree = workspaceTree({ api: { 'main.py': '', 'docker-python.json': '{"version":1,"command":"x"}' } });
  const six = { name: 'six', version: '1.17.0', needs: [] };
  const api = { name: 'api', version: '1', folder: 'apps/api', needs: [{ name: 'six' }] };
  for (const [path, text] of Object.entries(uvWorkspace([api, six]))) tree.write(path, text);
  expect((await quietly(() => updateProjects(tree))).value).toEqual([
    'apps/api/docker/requirements.lock is not what its lock says: it is missing. Run "nx sync".',
  ]);
});
