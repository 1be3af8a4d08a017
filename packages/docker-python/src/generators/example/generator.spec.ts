import { complaint, filesOf, quietly, workspaceTree } from '../../testing/workspace';
import example from './generator';

describe('example', () => {
  it('makes a service that is dockerized', async () => {
    const tree = workspaceTree({});
    await quietly(() => example(tree, { name: 'hello' }));
    const files = Object.keys(filesOf(tree)).filter((path) => path.startsWith('apps/hello/'));
    expect(files).toEqual(
      expect.arrayContaining(
        ['app.py', 'Dockerfile', 'docker-python.json', 'requirements.txt', 'project.json'].map(
          (name) => `apps/hello/${name}`,
        ),
      ),
    );
    expect(tree.read('apps/hello/app.py', 'utf-8')).toMatch(/"\/crash"[\s\S]*"\/exception"/);
  });

  it.each([
    [{ name: 'My App' }, 'UNSUPPORTED_PATH'],
    [{ name: '../x' }, 'UNSUPPORTED_PATH'],
    [{ name: 'x', directory: '../x' }, 'UNSUPPORTED_PATH'],
    [{ name: 'x', directory: '.' }, 'UNSUPPORTED_PATH'],
    [{ name: 'x', directory: 'apps/api' }, 'FILE_EXISTS'],
    [{ name: 'x', directory: 'apps/my app' }, 'UNSUPPORTED_PATH'],
  ])('refuses %j and writes nothing', async (options, code) => {
    const tree = workspaceTree();
    const before = filesOf(tree);
    expect(await complaint(() => example(tree, options))).toMatch(new RegExp(`^${code}: `));
    expect(filesOf(tree)).toEqual(before);
  });
});
