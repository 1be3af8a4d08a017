import { readNxJson, updateNxJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { filesOf } from '../../testing/workspace';
import init from './generator';

describe('init', () => {
  it('registers the plugin and keeps its outputs out of git', () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('.gitignore', 'node_modules');
    init(tree);
    expect(readNxJson(tree)!.plugins).toEqual([{ plugin: 'docker-python', options: {} }]);
    expect(tree.read('.gitignore', 'utf-8')).toBe('node_modules\ndist\n');
  });

  it('ignores what every workspace has to, where nobody has ignored anything yet', () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.delete('.gitignore');
    init(tree);
    expect(tree.read('.gitignore', 'utf-8')).toBe('node_modules\n.nx/cache\n.nx/workspace-data\ndist\n');
  });

  it('changes nothing the second time', () => {
    const tree = createTreeWithEmptyWorkspace();
    init(tree);
    const before = filesOf(tree);
    init(tree);
    expect(filesOf(tree)).toEqual(before);
  });

  it.each(['dist', '/dist', 'dist/', '/dist/ ', 'x\r\ndist\r\n'])('finds %j in .gitignore', (text) => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('.gitignore', text);
    init(tree);
    expect(tree.read('.gitignore', 'utf-8')).toBe(text);
  });

  it.each([['docker-python'], [{ plugin: 'docker-python', options: { targets: { build: 'image' } } }]])(
    'leaves a plugin alone that is registered as %j, and other plugins',
    (entry) => {
      const tree = createTreeWithEmptyWorkspace();
      updateNxJson(tree, { plugins: ['other', entry] });
      init(tree);
      expect(readNxJson(tree)!.plugins).toEqual(['other', entry]);
    },
  );
});
