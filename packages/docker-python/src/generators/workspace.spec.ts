import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { failureOf } from '../testing/failures';
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

  it('that nobody knows are an error that says what can be given', () => {
    const tree = createTreeWithEmptyWorkspace();
    const hint = (wanted: string): string => failureOf(() => findProject(tree, wanted)).hint;
    expect(hint('api')).toContain('"nx g docker-python:example hello" makes one');
    for (const name of 'abcdefghijkl') tree.write(`libs/${name}/project.json`, `{"name":"lib-of-${name}"}`);
    expect(hint('shop')).toMatch(
      /folder of a Python project.* such as apps\/api.*: lib-of-\w, .*, and 2 more: "nx show/,
    );
    expect(hint('lib-of-z')).toMatch(/Did you mean "lib-of-\w"/);
  });

  it('are guessed from the last part of their folder, where that has Python', () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('old/services/shop/requirements.txt', '');
    tree.write('services/shop/requirements.txt', '');
    tree.write('web/shop/package.json', '{}');
    const hint = (wanted: string): string => failureOf(() => findProject(tree, wanted)).hint;
    expect(hint('shop')).toContain('Did you mean "services/shop"?');
    expect(hint('*')).not.toContain('Did you mean');
  });
});
