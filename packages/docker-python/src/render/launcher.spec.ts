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

it('does not find itself where it looks for a program of its own name', () => {
  expect(body({ name: 'worker', command: ['worker'] })).toEqual([
    'export DOCKER_PYTHON_PROCESS=worker',
    'PATH="${PATH%:/opt/docker-python/bin}"',
    'exec worker "$@"',
  ]);
});
