import fc from 'fast-check';
import { parseShellLine, quoteArgv, splitCommand, toArgv } from './argv';

const known = (name: string): string | undefined => ({ PORT: '8000', TWO: 'a b', NONE: '' })[name];

describe('parseShellLine', () => {
  it.each([
    ['gunicorn app:app', [['gunicorn', 'app:app']]],
    ["exec gunicorn -b 0.0.0.0:$PORT 'a b':c", [['gunicorn', '-b', '0.0.0.0:8000', 'a b:c']]],
    ['x "$TWO" $TWO $NONE "$NONE"', [['x', 'a b', 'a', 'b', '']]],
    ['x ${W:-4} ${PORT:-1} "${H:-}"', [['x', '4', '8000', '']]],
    ['a b && c; d # comment', [['a', 'b'], ['c'], ['d']]],
    ['a \\\n  b\\ c', [['a', 'b c']]],
    ['x --allow=* "a\\"b" \'$PORT\'', [['x', '--allow=*', 'a"b', '$PORT']]],
    ['price 5$ a#b', [['price', '5$', 'a#b']]],
  ])('%j', (line, expected) => {
    const parsed = parseShellLine(line, known);
    expect('commands' in parsed && parsed.commands.map(({ argv }) => argv)).toEqual(expected);
  });

  it.each([
    ['a | b', 'pipe'],
    ['a &', 'background'],
    ['a > log', 'redirects'],
    ['a $(b)', 'substitution'],
    ['a `b`', 'substitution'],
    ['a $UNKNOWN', '$UNKNOWN'],
    ['a "b', 'quote'],
    ['a *.py', 'pattern'],
    ['{ a; }', 'group'],
    ['a ${PORT%x}', 'only a shell'],
  ])('%j needs a shell', (line, problem) => {
    expect(parseShellLine(line, known)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('keeps assignments by way of env', () => {
    const parsed = parseShellLine("A=1 B='x y' cmd A=2", known);
    expect('commands' in parsed && toArgv(parsed.commands[0]!)).toEqual([
      'env',
      'A=1',
      'B=x y',
      'cmd',
      'A=2',
    ]);
  });
});

describe('splitCommand', () => {
  it('leaves $PORT to the launcher', () => {
    expect(splitCommand('uvicorn a:b --port $PORT')).toEqual({ argv: ['uvicorn', 'a:b', '--port', '$PORT'] });
  });

  it.each(['', '  ', 'a; b', 'a && b', 'echo $HOME'])('refuses %j', (line) => {
    expect(splitCommand(line)).toHaveProperty('problem');
  });

  it('reads back whatever quoteArgv wrote', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/[\0\r]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (argv) => {
        // A first word that looks like an assignment or is `exec` means something else to a shell.
        fc.pre(!/^[A-Za-z_]\w*=/.test(argv[0]!) && argv[0] !== 'exec');
        expect(splitCommand(quoteArgv(argv))).toEqual({ argv });
      }),
    );
  });
});
