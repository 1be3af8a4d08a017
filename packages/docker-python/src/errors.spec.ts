import fc from 'fast-check';
import { DockerPythonError, formatError, nearestName } from './errors';

describe('formatError', () => {
  it('says code, message and hint of an error of ours, and no stack', () => {
    const error = new DockerPythonError({ code: 'LOCK_MISSING', message: 'No lock.', hint: 'Run uv lock.' });
    expect(formatError(error)).toBe('LOCK_MISSING: No lock.\n\nWhat to do: Run uv lock.');
  });

  it('keeps the stack of a foreign error, which is a bug', () => {
    expect(formatError(new TypeError('x is not a function'))).toMatch(
      /^TypeError: x is not a function\n\s+at /,
    );
  });

  it.each([['text'], [undefined], [null], [{ a: 1 }], [Symbol('s')]])('makes text of %p', (thrown) => {
    expect(typeof formatError(thrown)).toBe('string');
  });

  it('keeps the cause', () => {
    const cause = new Error('first');
    expect(new DockerPythonError({ code: 'ENGINE_FAILED', message: 'm', hint: 'h', cause }).cause).toBe(
      cause,
    );
    expect('cause' in new DockerPythonError({ code: 'ENGINE_FAILED', message: 'm', hint: 'h' })).toBe(false);
  });
});

describe('nearestName', () => {
  const known = ['command', 'exclude', 'extras', 'image', 'include', 'port', 'registry'];

  it.each([
    ['comand', 'command'],
    ['Image', 'image'],
    ['ports', 'port'],
    ['regsitry', 'registry'],
    ['inclde', 'include'],
    ['kubernetes', undefined],
    ['', undefined],
  ])('%j -> %j', (word, near) => {
    expect(nearestName(word, known)).toBe(near);
  });

  it('knows nothing among nothing', () => {
    expect(nearestName('api', [])).toBeUndefined();
  });

  it('takes the first in the alphabet of two that are equally near', () => {
    expect(nearestName('ab', ['ac', 'aa'])).toBe('aa');
  });

  it('finds every name that differs in one letter', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(), fc.constantFrom('x', 'q', 'z'), (name, at, letter) => {
        const place = at % name.length;
        const near = nearestName(name.slice(0, place) + letter + name.slice(place + 1), known);
        expect(known).toContain(near);
      }),
    );
  });
});
