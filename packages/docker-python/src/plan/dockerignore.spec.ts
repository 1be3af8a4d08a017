import fc from 'fast-check';
import { dockerignoreRules } from './dockerignore';

/** Ignore file, then paths that are sent, then paths that are not. */
type Row = [lines: string[], sent: string[], kept: string[]];

describe('a .dockerignore', () => {
  it.each<Row>([
    [[], ['a', 'a/b'], []],
    [['a'], ['b', 'b/a', 'ab'], ['a', 'a/b', 'a/b/c']],
    [['a/b'], ['a', 'a/c', 'x/a/b'], ['a/b', 'a/b/c']],
    [['*'], [], ['a', '.a', 'a/b']],
    [['**'], [], ['a', '.a', 'a/b']],
    [['*/temp*'], ['temp', 'a/b/temp'], ['a/temporary.txt', 'a/temp/b']],
    [['*/*/temp*'], ['a/temp'], ['a/b/temp.txt']],
    [['temp?'], ['temp', 'tempab', 'a/tempa'], ['tempa', 'tempb/x']],
    [['**/*.go'], ['a.gox', 'a/b'], ['a.go', 'a/b.go', 'a/b/c.go']],
    [['a/**/b'], ['a/c', 'b', 'xa/b'], ['a/b', 'a/x/b', 'a/x/y/b/c']],
    [['a/**'], ['a', 'ab'], ['a/b', 'a/b/c']],
    [['*.md', '!README.md'], ['README.md', 'a/b.md'], ['b.md']],
    [
      ['*.md', '!README*.md', 'README-secret.md'],
      ['README.md', 'README-a.md'],
      ['README-secret.md', 'x.md'],
    ],
    [['*.md', 'README-secret.md', '!README*.md'], ['README.md', 'README-secret.md'], ['x.md']],
    [
      ['a', '!a/b'],
      ['a/b', 'a/b/c'],
      ['a', 'a/c'],
    ],
    [
      ['*', '!a', 'a/x'],
      ['a/b', 'a/b/x'],
      ['b', 'a/x', 'a/x/y'],
    ],
    [['/a'], ['b/a'], ['a', 'a/b']],
    [['a/'], ['b/a'], ['a', 'a/b']],
    [['./a'], ['b/a'], ['a']],
    [['  a  '], ['b'], ['a']],
    [['# a', '#a', ''], ['a', '#a', '# a'], []],
    [['\\#a'], ['a'], ['#a']],
    [['! a', 'b'], ['a'], ['b']],
    [['a[bc]'], ['a', 'ad', 'abc'], ['ab', 'ac/x']],
    [['a[^b]'], ['ab'], ['ac']],
    [['a[b-d]'], ['ae', 'a-'], ['ac']],
    [['a\\*'], ['ab'], ['a*']],
    [
      ['a.b', 'c+d', 'e(f)', 'g$', 'h{i}', 'j|k'],
      ['axb', 'ccd', 'ef', 'g', 'hi', 'j'],
      ['a.b', 'c+d', 'e(f)', 'g$', 'h{i}', 'j|k'],
    ],
    [['A'], ['a'], ['A']],
    [['ä*'], ['a'], ['äb', 'ä']],
    [['a?'], ['a'], ['aä', 'a😀']],
  ])('%j', (lines, sent, kept) => {
    const rules = dockerignoreRules(`${lines.join('\n')}\n`);
    expect(sent.filter((path) => !rules.sends(path))).toEqual([]);
    expect(kept.filter((path) => rules.sends(path))).toEqual([]);
  });

  it('may have Windows line ends and a byte order mark', () => {
    const rules = dockerignoreRules('\uFEFF*\r\n!a\r\n');
    expect([rules.sends('a/b'), rules.sends('b')]).toEqual([true, false]);
    expect(rules.roots).toEqual(['a']);
  });

  it('never fails, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom('*', '?', '[', ']', '\\', '!', '/', '\n', 'a', '^', '-') }),
        ),
        fc.string({ unit: fc.constantFrom('a', '/', 'b', ']') }),
        (text, path) => expect(typeof dockerignoreRules(text).sends(path)).toBe('boolean'),
      ),
      { numRuns: 500 },
    );
  });

  it('excludes what lies in an excluded folder, as long as nothing re-includes it', () => {
    const name = fc.stringMatching(/^[a-c.]{1,3}$/).filter((part) => !/^\.+$/.test(part));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(path), path, name, (patterns, folder, file) => {
        const rules = dockerignoreRules(patterns.join('\n'));
        if (!rules.sends(folder)) expect(rules.sends(`${folder}/${file}`)).toBe(false);
      }),
    );
  });
});

describe('the roots of a walk', () => {
  it.each([
    [['a'], ['.']],
    [
      ['*', '!apps/api', '!config/x.yml'],
      ['apps/api', 'config/x.yml'],
    ],
    [['*', '!apps', '!apps/api'], ['apps']],
    [['*', '!apps/*/x'], ['apps']],
    [['*', '!**'], ['.']],
    [['*', '!**/x'], ['.']],
    [
      ['**', '!a', '!ab'],
      ['a', 'ab'],
    ],
    [['*'], []],
  ])('%j -> %j', (lines, roots) => {
    expect(dockerignoreRules(lines.join('\n')).roots).toEqual(roots);
  });

  it('are above everything that is sent', () => {
    const pattern = fc.stringMatching(/^!?[ab*?/]{1,6}$/);
    const path = fc.stringMatching(/^[ab](\/[ab]){0,3}$/);
    fc.assert(
      fc.property(fc.array(pattern), path, (lines, file) => {
        const rules = dockerignoreRules(['*', ...lines].join('\n'));
        fc.pre(rules.sends(file));
        expect(rules.roots.some((root) => root === '.' || file === root || file.startsWith(`${root}/`))).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });
});
