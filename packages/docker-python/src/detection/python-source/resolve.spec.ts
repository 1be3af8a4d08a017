import { memoryFiles } from '../files';
import { moduleFacts, pythonFiles, pythonTree, resolveOrigin, resolveReturn } from '.';

const files = memoryFiles({
  'p/main.py':
    'import flask as f\nfrom .made import build as b, Base\nfrom fasthtml.common import *\nimport a.b.c\n\napp = f.Flask(__name__)\nalias = app\nbuilt = b()\nserver = Base().server\nfirst, second = fast_app()\ndeep = a.b.c.Thing()\nloop = loop2\nloop2 = loop\n',
  'p/made.py':
    'import dash\n\n\nclass Base(dash.Dash):\n    pass\n\n\ndef build(x=None, *args, **kw):\n    if x:\n        return None\n    from quart import Quart as Q\n    app = Q("x")\n    return app\n',
  'p/__init__.py': 'from .main import alias as exported\n',
  'run.py': 'import p\nfrom p import exported\n\nx = p.exported\ny = p.main.built\n',
});
const tree = pythonTree(pythonFiles(files, '.'), ['.']);
const known = new Set([
  'flask.Flask()',
  'quart.Quart()',
  'dash.Dash().server',
  'fasthtml.common.fast_app()[0]',
  'a.b.c.Thing()',
]);

describe('resolveOrigin', () => {
  it.each([
    ['p/main.py', 'app', 'flask.Flask()', 'p/main.py:6'],
    ['p/main.py', 'alias', 'flask.Flask()', 'p/main.py:6'],
    ['p/main.py', 'built', 'quart.Quart()', 'p/made.py:12'],
    ['p/main.py', 'server', 'dash.Dash().server', 'p/made.py:4'],
    ['p/main.py', 'first', 'fasthtml.common.fast_app()[0]', 'p/main.py:10'],
    ['p/main.py', 'deep', 'a.b.c.Thing()', 'p/main.py:11'],
    ['run.py', 'exported', 'flask.Flask()', 'p/main.py:6'],
    ['run.py', 'x', 'flask.Flask()', 'p/main.py:6'],
    ['run.py', 'y', 'quart.Quart()', 'p/made.py:12'],
  ])('%s: %s is %s', (file, name, path, place) => {
    const origin = resolveOrigin(tree, file, name, (candidate) => known.has(candidate));
    expect([origin?.path, `${origin?.file}:${origin?.line}`]).toEqual([path, place]);
  });

  it.each(['second', 'loop', 'nothing', '', '1', '().x'])('%j is nothing', (name) => {
    const origin = resolveOrigin(tree, 'p/main.py', name, (candidate) => known.has(candidate));
    expect(origin && known.has(origin.path)).toBeFalsy();
  });

  it('knows what a function returns', () => {
    const build = tree.facts('p/made.py')!.functions[0]!;
    expect(resolveReturn(tree, 'p/made.py', build, (path) => known.has(path))?.path).toBe('quart.Quart()');
    expect(build.required).toBe(0);
  });
});

describe('moduleFacts', () => {
  it('finds the main guard either way round, and not in a string', () => {
    expect(
      moduleFacts('if "__main__" == __name__:\n    run(port=1)\n')?.mainGuard?.calls[0]?.keywords,
    ).toEqual({ port: { number: 1 } });
    expect(moduleFacts('x = """\nif __name__ == "__main__":\n    run()\n"""\n')?.mainGuard).toBeUndefined();
  });

  it.each([
    ['def f(): pass', 0],
    ['def f(a, b: int): pass', 2],
    ['def f(a, b=1, *c, d=2, **e): pass', 1],
    ['def f(a, *, b): pass', 2],
    ['def f(*, b: int = 1): pass', 0],
  ])('%s needs %i arguments', (source, required) => {
    expect(moduleFacts(source)?.functions[0]?.required).toBe(required);
  });

  it('gives up on files that nobody wrote', () => {
    expect(moduleFacts('x = 1\n'.repeat(100_000))).toBeUndefined();
  });
});
