import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { dockerizedProjects, findProject, projectsOf } from './workspace';

describe('the projects of a workspace', () => {
  it('include a folder that only our settings file makes one, named by its distribution', () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('apps/api/project.json', '{"name":"api"}');
    tree.write('apps/api/docker-python.json', '{"version":1}');
    tree.write('services/orders/pyproject.toml', '[project]\nname = "Orders_Service"\n');
    tree.write('services/orders/docker-python.json', '{"version":1}');
    expect(projectsOf(tree)).toEqual(
      expect.arrayContaining([
        { name: 'api', root: 'apps/api' },
        { name: 'orders-service', root: 'services/orders' },
      ]),
    );
    expect(
      dockerizedProjects(tree)
        .map(({ root }) => root)
        .sort(),
    ).toEqual(['apps/api', 'services/orders']);
  });

  it('are named at setup as the graph will name them, also where another has the name of the distribution', () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('web/package.json', '{"name":"hello"}');
    tree.write('apps/api/pyproject.toml', '[project]\nname = "hello"\n');
    tree.write('apps/job/pyproject.toml', '[project]\nname = "job"\n');
    expect(findProject(tree, 'apps/api')).toEqual({ name: 'apps-api', root: 'apps/api' });
    expect(findProject(tree, 'apps/job')).toEqual({ name: 'job', root: 'apps/job' });
  });
});
