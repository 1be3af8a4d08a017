import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { dockerizedProjects, projectsOf } from './workspace';

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
});
