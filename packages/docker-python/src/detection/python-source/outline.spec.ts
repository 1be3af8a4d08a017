import fc from 'fast-check';
import { moduleFacts } from './module-facts';
import { outline } from './outline';

describe('outline', () => {
  it('keeps every line in one of the halves, at its number', () => {
    const source =
      'import a\n\n@deco(\n  1\n)\ndef f():\n    return """\nx = 1\n"""\n\n\nx = (\n1)\nclass A:\n    y = 1\n# end\nz = """\ndef g(): pass\n"""\n';
    const { statements, definitions } = outline(source)!;
    expect(statements.split('\n').map((line, i) => line || definitions.split('\n')[i])).toEqual(
      source.split('\n'),
    );
    expect(definitions.trim()).toMatch(/^@deco/);
    expect(statements).toContain('z = """\ndef g(): pass\n"""');
  });

  it.each(['x = (', 'x = """', "x = 'a\n", ')'])('gives up on %j', (source) => {
    expect(outline(source)).toBeUndefined();
  });

  it('does not change what is found', () => {
    const line = fc.constantFrom(
      'import a',
      'x = a.B()',
      'def f(a):',
      '    return x',
      '@d',
      'class C(x):',
      '    def g(self): pass',
      '"""',
      'if y:',
      '    z = 1',
      'else:',
      '',
      '# c',
      'w = (',
      ')',
      'async def h():',
      '    k = """q"""',
      "s = 'def f():'",
      'x = \\',
      'for i in j:',
    );
    const plain = (source: string, whole: boolean): unknown => {
      // An unmatched bracket in a comment's place makes the file be parsed as a whole.
      const facts = moduleFacts(whole ? `${source}\nwhole = ')` : source)!;
      const names = (items: readonly { name: string; line: number }[]): string[] =>
        items.map((item) => `${item.name}:${item.line}`).sort();
      return [
        names(facts.assignments.filter(({ name }) => name !== 'whole')),
        names(facts.functions),
        [...facts.imports.keys()],
      ];
    };
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const source = lines.join('\n');
        // Only texts that are right are comparable: how an error is mended depends on what is around it.
        fc.pre(outline(source) !== undefined && isTidy(lines));
        expect(plain(source, false)).toEqual(plain(source, true));
      }),
      { numRuns: 3000 },
    );
  });
});

/** Whether every block has a body and every decorator something to decorate. */
function isTidy(lines: readonly string[]): boolean {
  const code = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return (
    !code.includes('"""') &&
    !code.includes('else:') &&
    !code.includes('x = \\') &&
    !code.includes('w = (') &&
    !code.includes(')') &&
    code.every((line, i) => {
      const next = code[i + 1] ?? '';
      if (line === '@d') return /^(def|class|async|@)/.test(next);
      if (line.endsWith(':') && !line.startsWith('s =')) return /^ {4}/.test(next);
      return !/^\s/.test(line) || /:$|^ {4}/.test(code[i - 1] ?? '');
    })
  );
}
