import { applicationOutput } from './application-output';

const HALT = "gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>";

it('keeps the traceback of the application, not those of the server that reports it', () => {
  const own = ['Traceback (most recent call last):', '  x', "ModuleNotFoundError: No module named 'numpyy'"];
  const theirs = [
    'Traceback (most recent call last):',
    '  run',
    HALT,
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    'Traceback (most recent call last):',
    '  halt',
    HALT,
  ];
  expect(applicationOutput([...own, 'Worker exited', ...theirs].join('\n')).trim()).toBe(
    [...own, 'Worker exited'].join('\n'),
  );
  expect(applicationOutput(own.join('\n'))).toBe(own.join('\n'));
  expect(applicationOutput(HALT)).toBe(HALT);
  expect(applicationOutput('')).toBe('');
});
