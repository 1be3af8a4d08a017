import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { type FileSource, memoryFiles, treeFiles, withoutFile } from '../files';
import { localReferences } from '../local-references';
import { derivedFrom } from './parse-cache';

const LIST = 'apps/api/requirements.txt';

function counted(files: FileSource): () => number {
  let times = 0;
  return () => derivedFrom(files, 'count', () => ++times);
}

it('what follows from files that stay is worked out once, for each source of files', () => {
  const files = memoryFiles({});
  const [ask, other] = [counted(files), counted(memoryFiles({}))];
  expect([ask(), ask(), other()]).toEqual([1, 1, 1]);
});

it('an error is worked out again', () => {
  const files = memoryFiles({});
  const fail = (): never => {
    throw new Error('no');
  };
  expect(() => derivedFrom(files, 'x', fail)).toThrow('no');
  expect(derivedFrom(files, 'x', () => 1)).toBe(1);
});

it('a generator sees what it wrote since it last asked', () => {
  const tree = createTreeWithEmptyWorkspace();
  tree.write('libs/a/setup.py', '');
  const files = treeFiles(tree);
  expect(localReferences(files, 'apps/api')).toEqual([]);
  tree.write(LIST, '-e ../../libs/a\n');
  expect(localReferences(files, 'apps/api')).toMatchObject([{ path: 'libs/a' }]);
});

it('"what if this file were not there" is a question of its own', () => {
  const files = memoryFiles({ [LIST]: '-e ../../libs/a\n', 'libs/a/setup.py': '' });
  expect(localReferences(files, 'apps/api')).toHaveLength(1);
  expect(localReferences(withoutFile(files, LIST), 'apps/api')).toEqual([]);
});
