import fc from 'fast-check';
import { failedStep, FailedStep } from './failed-step';

/** What buildx 0.29 prints, shortened. */
const output = (name: string, log: string): string => `#8 [builder 2/3] RUN echo one
#8 0.198 one
#9 ERROR: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3
------
 > [${name}] RUN     --mount=type=cache,target=/x <<EOF (set -eu...):
${log}------
Dockerfile:11
--------------------
  10 |     # a comment
  11 | >>> RUN \\
--------------------
ERROR: failed to build: failed to solve: exit code: 3
`;

describe('the step that failed', () => {
  it.each([
    ['builder 3/3', new FailedStep('[builder 3/3]', 'builder', 11, ['hello', 'err'])],
    ['2/3', new FailedStep('[2/3]', '', 11, ['hello', 'err'])],
    ['linux/arm64 2/3', new FailedStep('[linux/arm64 2/3]', '', 11, ['hello', 'err'], 'linux/arm64')],
    [
      'linux/arm64 lock-dev 2/3',
      new FailedStep('[linux/arm64 lock-dev 2/3]', 'lock-dev', 11, ['hello', 'err'], 'linux/arm64'),
    ],
  ])('%s', (name, step) => {
    expect(failedStep(output(name, '0.196 hello\n10.20 err\n'))).toEqual(step);
    expect(failedStep(output(name, '0.196 hello\n10.20 err\n').replaceAll('\n', '\r\n'))).toEqual(step);
  });

  it.each([
    [
      '0.1 a\n0.196 error\n0.197 : No solution\n0.198   cause: b\n',
      ['a', 'error: No solution', '  cause: b'],
    ],
    ['0.197 : No solution\n0.198   cause: b\n', ['No solution', '  cause: b']],
  ])('has lines that arrived in pieces as one: %j', (log, lines) => {
    expect(failedStep(output('a 1/1', log))?.log).toEqual(lines);
  });

  it('has the end of its log', () => {
    const log = Array.from({ length: 99 }, (_, i) => `0.1 line ${i}\n`).join('');
    expect(failedStep(output('a 1/1', log))?.log.at(-1)).toBe('line 98');
    expect(failedStep(output('a 1/1', log))?.log).toHaveLength(15);
    expect(failedStep(output('a 1/1', ''))?.log).toEqual([]);
  });

  it.each([
    [output('internal', '')],
    ['ERROR: failed to resolve source metadata for docker.io/library/python:3.99: not found'],
    ['Dockerfile:3\n--------------------\n   3 | >>> FORM x\nERROR: unknown instruction: FORM'],
    [''],
  ])('is none in %j', (text) => {
    expect(failedStep(text)).toBeUndefined();
  });

  it('is looked for in anything without a crash', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('-', '\n', ' > [', ']', ':', '1', ' |', 'a', '------\n') }),
        (text) => void failedStep(text),
      ),
    );
  });
});
