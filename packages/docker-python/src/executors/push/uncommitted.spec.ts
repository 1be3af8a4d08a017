import type { Tag } from '../../reference/image-name';
import { executorWorkspace } from '../../testing/executor-workspace';
import { uncommittedNote } from './uncommitted';

const project = executorWorkspace().read();
const LATEST = ['latest' as Tag];

describe('a push of what no commit has', () => {
  it('names the files and the tags', () => {
    expect(uncommittedNote(project, ['apps/api/app.py'], LATEST)).toBe(
      'No commit has what latest will name: apps/api/app.py differs from the last one.',
    );
    const many = [...'abcde'].map((name) => `apps/api/${name}.py`);
    expect(uncommittedNote(project, many, [...LATEST, 'v1' as Tag])).toBe(
      'No commit has what latest, v1 will name: apps/api/a.py, apps/api/b.py, apps/api/c.py and 2 more differ from the last one.',
    );
  });

  it.each(['apps/api/Dockerfile', 'apps/api/docker-python.json'])(
    'counts %s, which decides the image',
    (path) => {
      expect(uncommittedNote(project, [path], LATEST)).toContain(path);
    },
  );

  it('says nothing of files that are in no image', () => {
    expect(
      uncommittedNote(project, ['apps/api/tests/test_app.py', 'apps/shop/app.py', 'README.md'], LATEST),
    ).toBe(undefined);
  });
});
