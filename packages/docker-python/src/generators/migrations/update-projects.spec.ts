import { quietly, workspaceTree, filesOf } from '../../testing/workspace';
import { FLASK } from '../../testing/projects';
import { managed } from '../../render/managed';
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
    expect.stringMatching(/^apps\/api\/Dockerfile was edited by hand.*setup api --overwrite --dry-run/),
    expect.stringMatching(/^broken: apps\/broken\/docker-python\.json is not valid JSON/),
  ]);
  expect(tree.read(DOCKERFILE, 'utf-8')).toContain('# mine');
  expect(tree.read('apps/web/Dockerfile', 'utf-8')).toContain('AS runtime');
});
