import fc from 'fast-check';
import { findJsonMistake } from './json-position';

describe('a mistake in JSON', () => {
  it.each([
    ['{\n  "version": 1,\n  "port": 80 "image": "x"\n}', 3, 14, '"," or "}"'],
    ['{ "version": 1, }', 1, 17, 'a key in double quotes'],
    ['{ "version" 1 }', 1, 13, '":"'],
    ['{\r\n  port: 1 }', 2, 3, 'a key in double quotes'],
    ['{ "a": [1, 2', 1, 13, '"," or "]"'],
    ['{ "a": nope }', 1, 8, 'a value'],
    ['{ "a": 01 }', 1, 8, 'a value'],
    ['// no\n{}', 1, 1, 'a value'],
    ['', 1, 1, 'a value'],
    ['{} {}', 1, 4, 'the end'],
  ])('%j', (text, line, column, expected) => {
    expect(findJsonMistake(text)).toEqual({ line, column, expected });
  });

  it('is found in what JSON.parse refuses, and in nothing else', () => {
    const broken = fc
      .json()
      .chain((text) =>
        fc
          .tuple(fc.nat(text.length), fc.constantFrom('', ',', '}', '"', '1', 'x', '\\', ' ', '[', '\n'))
          .map(([at, more]) => text.slice(0, at) + more + text.slice(at + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(findJsonMistake(text) === undefined).toBe(valid);
      }),
    );
  });

  it('is not looked for without end', () => {
    expect(findJsonMistake('['.repeat(100_000))).toBeUndefined();
  });
});
