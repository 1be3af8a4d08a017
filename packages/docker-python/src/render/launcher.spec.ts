import { launcher } from './launcher';

const body = (process: Parameters<typeof launcher>[0]): string[] => launcher(process).split('\n').slice(1);

it('expands nothing but $PORT, and becomes the program', () => {
  const command = ['gunicorn', '--bind', '0.0.0.0:$PORT', '--name', `it's $HOME`, ''];
  expect(body({ name: 'web', command, port: 8000 })).toEqual([
    'export DOCKER_PYTHON_PROCESS=web',
    'export PORT="${PORT:-8000}"',
    `exec gunicorn --bind 0.0.0.0:"$PORT" --name 'it'\\''s $HOME' '' "$@"`,
  ]);
});

it('keeps every word on one line, since a line could end the heredoc that it stands in', () => {
  expect(body({ name: 'web', command: ['sh', '-c', 'echo\nEOF'] })).toEqual([
    'export DOCKER_PYTHON_PROCESS=web',
    "NL=$(printf '\\nx'); NL=${NL%x}",
    'exec sh -c echo"$NL"EOF "$@"',
  ]);
});

it('does not find itself where it looks for a program of its own name', () => {
  expect(body({ name: 'worker', command: ['worker'] })).toEqual([
    'export DOCKER_PYTHON_PROCESS=worker',
    'PATH="${PATH%:/opt/docker-python/bin}"',
    'exec worker "$@"',
  ]);
});
