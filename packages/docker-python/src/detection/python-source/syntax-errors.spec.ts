import { syntaxErrorLine } from './syntax-errors';

describe('the line of a syntax error', () => {
  it.each([
    ['a function without a colon', 'x = 1\ndef f()\n    return 1\n', 2],
    ['a bracket that is not closed', 'x = 1\ny = (1,\n\ndef f():\n    return 1\n', 4],
    ['a brace that is not closed', '@app.get("/")\ndef f():\n    return {"a": 1\n', 4],
    ['a decorator that is not closed', '@app.get("/"\ndef f():\n    return 1\n', 2],
    ['two operators', 'x = = 1\n', 1],
    ['marks of a merge', 'a = 0\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n', 2],
    ['a template of something else', 'x = 1\nimport {{ name }}\n', 2],
    ['a body that is not there', 'def f():\nx = 1\n', 2],
    ['a body that is too far in', 'def f():\n  x = 1\n    y = 2\n', 3],
    ['a keyword as a name', 'class = 3\n', 1],
    ['lines that end as on Windows', 'x = 1\r\nx = = 2\r\n', 2],
  ])('%s', (_, source, line) => {
    expect(syntaxErrorLine(source)).toBe(line);
  });

  it.each([
    ['', ''],
    ['a yield that gives nothing', 'def f():\n    yield\n'],
    ['a number that ends with a point', 'x = f(1.)\ny = [2., 3.]\n'],
    ['several things with brackets', 'with (open(a) as f, open(b) as g):\n    pass\n'],
    ['several targets', 'with a() as (b, c):\n    pass\n'],
    [
      'patterns',
      'match x:\n    case A() | B(c=1):\n        pass\n    case {"a": [1, *r], **k} if r:\n        pass\n',
    ],
    ['stars', 'x = [y for *_, y in z]\nprint(*a, **b)\nfirst, *rest = x\n'],
    ['types', 'type X = int\nclass A[T: int]:\n    def f[U](self) -> U: ...\n'],
    ['any decorator', '@a.b[c](d).e\ndef f(): ...\n'],
    ['strings in strings', 'x = f"{a!r:>{w}} {b["k"]}"\n'],
    ['a new kind of string', 'x = t"{a}"\n'],
    ['groups of exceptions', 'try:\n    pass\nexcept* E as e:\n    pass\n'],
    ['a comment at the end', 'def f():\n    pass\n    # end'],
    ['lines that end as on Windows', 'def f():\r\n    return (1,\r\n  2)\r\n'],
    ['a mark of its encoding', '\ufeffx = 1\n'],
  ])('is not there for what Python takes: %s', (_, source) => {
    expect(syntaxErrorLine(source)).toBeUndefined();
  });
});
