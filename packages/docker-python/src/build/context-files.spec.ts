import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextFile } from '../reference/content-key';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { contextFiles } from './context-files';

const NONE: ReadonlySet<string> = new Set();

function workspace(files: Readonly<Record<string, string>>): string {
  const root = tempFolder();
  writeFiles(root, files);
  return root;
}

const paths = (files: readonly ContextFile[]): string[] => files.map(({ path }) => path);
const IGNORE = '*\n!apps/api\n!VERSION\napps/api/tests\n';

describe('the files of a context', () => {
  const root = workspace({
    'apps/api/b.py': 'b',
    'apps/api/a.py': 'a',
    'apps/api/run.sh*': '',
    'apps/api/tests/test_a.py': '',
    'apps/api/node_modules/x/index.js': '',
    'apps/api/.config/x': '',
    'apps/other/a.py': '',
    VERSION: '1',
  });

  it('are those that the ignore file sends, sorted', () => {
    expect(paths(contextFiles(root, `${IGNORE}**/node_modules\n`, NONE, NONE))).toEqual([
      'VERSION',
      'apps/api/.config/x',
      'apps/api/a.py',
      'apps/api/b.py',
      'apps/api/run.sh',
    ]);
  });

  it('include what is sent from folders that no ordinary image has, since the engine looks there too', () => {
    writeFiles(root, { 'apps/api/.venv/pyvenv.cfg': '' });
    expect(paths(contextFiles(root, '*\n!apps/api/.venv\n', NONE, NONE))).toEqual([
      'apps/api/.venv/pyvenv.cfg',
    ]);
    expect(paths(contextFiles(root, '*\n!apps/api\n', NONE, NONE))).toContain('apps/api/.venv/pyvenv.cfg');
  });

  it('are none where the ignore file names nothing that exists', () => {
    expect(contextFiles(root, '*\n!apps/gone\n', NONE, NONE)).toEqual([]);
  });

  it('have digests of their bytes', () => {
    const read = (text: string): ContextFile => contextFiles(workspace({ a: text }), '', NONE, NONE)[0]!;
    expect(read('one').digest).toBe(read('one').digest);
    expect(read('one').digest).not.toBe(read('two').digest);
    expect(read('a\n').digest).not.toBe(read('a\r\n').digest);
  });
});

describe('the executable bit', () => {
  const root = workspace({ 'a.sh*': '', 'b.sh': '' });
  const executables = (known: ReadonlySet<string>, tracked: ReadonlySet<string>): string[] =>
    paths(contextFiles(root, '', known, tracked).filter(({ executable }) => executable));

  it('is that of the disk for files that git does not know', () => {
    expect(executables(NONE, NONE)).toEqual(['a.sh']);
  });

  it('is that of git for files that git knows, whatever a checkout made of it', () => {
    expect(executables(new Set(['b.sh']), new Set(['a.sh', 'b.sh']))).toEqual(['b.sh']);
  });

  it('of group and others alone does not count', () => {
    chmodSync(join(root, 'b.sh'), 0o655);
    expect(executables(NONE, NONE)).toEqual(['a.sh']);
  });
});

describe('a symbolic link', () => {
  const root = workspace({ 'apps/api/a.py': 'x', 'elsewhere/secret.py': 'y' });
  symlinkSync('a.py', join(root, 'apps/api/link.py'));
  symlinkSync('gone.py', join(root, 'apps/api/broken.py'));
  symlinkSync('../../elsewhere', join(root, 'apps/api/folder'));
  const files = contextFiles(root, '*\n!apps/api\n', NONE, NONE);
  const at = (path: string): ContextFile => files.find((file) => file.path === `apps/api/${path}`)!;

  it('is a file of its own and never followed', () => {
    expect(paths(files)).toEqual(
      ['a.py', 'broken.py', 'folder', 'link.py'].map((name) => `apps/api/${name}`),
    );
  });

  it('is known by where it points to, not by what lies there', () => {
    expect(new Set(['a.py', 'broken.py', 'folder', 'link.py'].map((name) => at(name).digest)).size).toBe(4);
  });

  it('is never executable, whether git knows it or not', () => {
    expect(files.filter(({ executable }) => executable)).toEqual([]);
  });
});
