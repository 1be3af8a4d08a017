import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskFiles, joinInside, memoryFiles, resolveInside, withoutFile } from './files';

describe('files on disk', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docker-python-files-'));
    mkdirSync(join(folder, 'workspace/apps/api/pkg'), { recursive: true });
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/secret.txt'), 'secret');
    writeFileSync(join(folder, 'workspace/apps/api/app.py'), 'X = 1\n');
    symlinkSync('app.py', join(folder, 'workspace/apps/api/same.py'));
    symlinkSync('../../../outside', join(folder, 'workspace/apps/api/away'));
    symlinkSync('../../../outside/secret.txt', join(folder, 'workspace/apps/api/stolen.txt'));
    symlinkSync('nowhere', join(folder, 'workspace/apps/api/dangling'));
    symlinkSync('apps', join(folder, 'workspace/inside'));
    writeFileSync(join(folder, 'workspace/apps/api/long.txt'), 'é'.repeat(100_000));
    execFileSync('mkfifo', [join(folder, 'workspace/apps/api/pipe')]);
    symlinkSync('pipe', join(folder, 'workspace/apps/api/to-pipe'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (path: string): string | undefined => diskFiles(join(folder, 'workspace')).read(path);

  it.each([
    ['apps/api/app.py', 'X = 1\n'],
    ['./apps//api/../api/app.py', 'X = 1\n'],
    ['apps\\api\\app.py', 'X = 1\n'],
    ['apps/api/pkg/..', undefined],
    ['apps/api/', undefined],
    ['apps/api/same.py', 'X = 1\n'],
    ['inside/api/app.py', 'X = 1\n'],
    ['apps/api/away/secret.txt', undefined],
    ['apps/api/stolen.txt', undefined],
    ['apps/api/dangling', undefined],
    ['apps/api/app.py/below', undefined],
    ['apps/api', undefined],
    ['apps/api/long.txt', 'é'.repeat(100_000)],
    ['apps/api/pipe', undefined],
    ['apps/api/to-pipe', undefined],
    ['../outside/secret.txt', undefined],
    ['/etc/passwd', undefined],
    ['apps/api/none.py', undefined],
  ])('reads %j as %j', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('lists a folder with its folders marked, and nothing for what is none', () => {
    const files = diskFiles(join(folder, 'workspace'));
    expect(files.list('apps/api')).toEqual(
      'app.py away dangling long.txt pipe pkg/ same.py stolen.txt to-pipe'.split(' '),
    );
    expect(files.list('apps/api/away')).toEqual([]);
    expect(files.list('apps/api/app.py')).toEqual([]);
    expect(files.list('.')).toEqual(['apps/', 'inside']);
  });
});

describe('files in memory', () => {
  const files = memoryFiles({ 'a/b.txt': 'b', 'a/c/d.txt': 'd', 'e.txt': 'e' });

  it('reads and lists like a disk', () => {
    expect(files.read('a/c/../b.txt')).toBe('b');
    expect(files.list('a')).toEqual(['b.txt', 'c/']);
    expect(files.list('.')).toEqual(['a/', 'e.txt']);
    expect(files.read('../x')).toBeUndefined();
  });

  it('can be seen without one of them', () => {
    expect(withoutFile(files, './a/b.txt').read('a/b.txt')).toBeUndefined();
    expect(withoutFile(files, 'a/b.txt').read('e.txt')).toBe('e');
  });
});

describe('paths that a manifest names', () => {
  it.each(['/etc/passwd', '../../x', 'C:\\x', '..\\..\\..\\x'])('%j leaves the workspace', (path) => {
    expect(() => resolveInside('apps', path, 'requirements.txt')).toThrow(
      expect.objectContaining({ code: 'OUTSIDE_WORKSPACE' }) as Error,
    );
  });

  it('are joined with forward slashes', () => {
    expect(resolveInside('apps/api', '..\\shared\\base.txt', 'r')).toBe('apps/shared/base.txt');
    expect(joinInside('a', 'b/')).toBe('a/b');
    expect(joinInside('a', '..')).toBe('.');
  });
});
