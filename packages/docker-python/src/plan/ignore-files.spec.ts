import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { memoryFiles } from '../detection/files';
import { tempFolder } from '../testing/temp-folder';
import { dockerignoreRules } from './dockerignore';
import { ignoredPatterns } from './ignore-files';

describe('a line of .gitignore', () => {
  it.each<[string, string[]]>([
    ['*.py[cod]', ['**/*.py[cod]']],
    ['/build', ['build']],
    ['lib/', ['**/lib']],
    ['/lib/', ['lib']],
    ['a/b', ['a/b']],
    ['a/**/b', ['a/**/b']],
    ['**/a', ['**/a']],
    ['a/**', ['a/**']],
    ['[!a]x', ['**/[^a]x']],
    ['# comment', []],
    ['\\#a', ['**/\\#a']],
    ['a  ', ['**/a']],
    ['a\r', ['**/a']],
    ['', []],
    ['   ', []],
    ['a+b(c){d}', ['**/a\\+b\\(c\\)\\{d\\}']],
    ['/*\n!/apps', ['*', '!apps/api']],
    ['/*\n!/apps/\n/apps/*\n!/apps/api', ['*', '!apps/api', 'apps/*', '!apps/api']],
    ['*.log\n!keep.log', ['**/*.log', '!apps/api/**/keep.log']],
    ['*.log\n!/apps/api/keep.log', ['**/*.log', '!apps/api/keep.log']],
    ['*.log\n!/apps/other/keep.log', ['**/*.log']],
    // What brings nothing back would only make the engine look into every folder.
    ['.env*\n!.env.example', ['**/.env*']],
    ['build/\n!keep.txt', ['**/build']],
    ['!.gitkeep', []],
  ])('%j -> %j', (text, lines) => {
    expect(ignoredPatterns(memoryFiles({ '.gitignore': text }), ['apps/api'])).toEqual(lines);
  });
});

describe('the files that ignore', () => {
  it('are those of the workspace, of the folders above the project, and its own, .nxignore included', () => {
    const files = memoryFiles({
      '.gitignore': 'a',
      '.nxignore': 'b',
      'apps/.gitignore': '/c\nd/e',
      'apps/api/.gitignore': 'f*\n!fg',
      'apps/api/src/.gitignore': 'not read',
      'apps/other/.gitignore': 'not read',
    });
    expect(ignoredPatterns(files, ['apps/api'])).toEqual([
      '**/a',
      '**/b',
      'apps/c',
      'apps/d/e',
      'apps/api/**/f*',
      '!apps/api/**/fg',
    ]);
    expect(ignoredPatterns(files, ['.'])).toEqual(['**/a', '**/b']);
  });
});

describe('git itself', () => {
  const repository = tempFolder();
  const git = (argv: string[], input = ''): string => {
    try {
      return execFileSync('git', ['-C', repository, ...argv], { input, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return (error as { stdout: string }).stdout; // exit code 1: nothing is ignored
    }
  };
  git(['init', '-q']);

  const folder = fc.constantFrom('apps', 'src', 'lib', 'a+b', 'x y');
  const name = fc.constantFrom('a.py', 'b.pyc', 'keep.py', 'data.csv', '.env', 'c$d.log', 'ä.py');
  const path = fc
    .tuple(fc.array(folder, { maxLength: 3 }), name)
    .map(([folders, file]) => ['apps', 'api', ...folders, file].join('/'));
  const files = fc.array(path, { minLength: 10, maxLength: 10 });

  const check = (text: string, paths: readonly string[]): void => {
    writeFileSync(join(repository, '.gitignore'), text);
    const ignored = new Set(
      git(['check-ignore', '--no-index', '-z', '--stdin'], paths.join('\0')).split('\0'),
    );
    const rules = dockerignoreRules(
      ignoredPatterns(memoryFiles({ '.gitignore': text }), ['apps/api']).join('\n'),
    );
    // Never sent, whatever brings it back.
    const asked = paths.filter((file) => !file.endsWith('/.env'));
    expect(asked.filter((file) => !rules.sends(file))).toEqual(asked.filter((file) => ignored.has(file)));
  };

  it('ignores the same files', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      'apps',
      'api',
      'src',
      'lib',
      'a+b',
      'x y',
      '?rc',
      'li[bc]',
      'li[!b]',
      'a.py',
      '*.py[co]',
      '*$*',
      '*.py',
    );
    const line = fc
      .tuple(
        fc.constantFrom('', '/', '# '),
        fc.array(piece, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '/', '/**', '  '),
      )
      .map(([start, pieces, end]) => start + pieces.join('/') + end)
      // A file of the name of a folder is left out by the one and not by the other; the executor says so.
      .filter((text) => !/\.(py|py\[co\])\/+(\*\*)?$|\$\*\/|\*\/$/.test(text));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), files, (lines, paths) =>
        check(`${lines.join('\n')}\n`, paths),
      ),
      { numRuns: 120 },
    );
  });

  it('takes back the same files', () => {
    const line = fc.constantFrom(
      '*.py',
      '*.py[co]',
      '/apps/api/a.py',
      '*.csv',
      'apps/api/*.log',
      '**/a.py',
      '!keep.py',
      '!a.py',
      '!/apps/api/a.py',
      '!*.csv',
      '!.env',
      '.*',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), files, (lines, paths) =>
        check(`${lines.join('\n')}\n`, paths),
      ),
      { numRuns: 80 },
    );
  });
});
