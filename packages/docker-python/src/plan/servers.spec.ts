import { serverEnvironment, stopSignalOf, withServerOptions } from './servers';

const words = (command: string): string[] => command.split(' ');

it.each([
  ['hypercorn --bind :80 a:b', 'hypercorn --graceful-timeout 8 --access-logfile - --bind :80 a:b'],
  ['hypercorn --graceful-timeout=3 a:b', 'hypercorn --access-logfile - --graceful-timeout=3 a:b'],
  [
    'python -m hypercorn --access-logfile x a:b',
    'python -m hypercorn --graceful-timeout 8 --access-logfile x a:b',
  ],
  ['daphne a:b', 'daphne --proxy-headers a:b'],
  ['daphne --proxy-headers a:b', 'daphne --proxy-headers a:b'],
  ['waitress-serve --trusted-proxy=10.0.0.1 a:b', 'waitress-serve --trusted-proxy=10.0.0.1 a:b'],
  ['uwsgi --http :80', 'uwsgi --http :80'],
  ['uwsgi --master --die-on-term', 'uwsgi --master --die-on-term'],
  ['uvicorn a:b', 'uvicorn a:b'],
  ['python main.py', 'python main.py'],
  ['python', 'python'],
])('%s', (command, expected) => {
  expect(withServerOptions(words(command), 8).join(' ')).toBe(expected);
});

it('adds what has blanks as one word', () => {
  expect(withServerOptions(['waitress-serve', 'a:b'], 8)).toEqual([
    'waitress-serve',
    '--trusted-proxy=*',
    '--trusted-proxy-headers=x-forwarded-proto x-forwarded-for',
    'a:b',
  ]);
  expect(withServerOptions(['/usr/bin/uwsgi', '--master'], 8)[1]).toBe(
    '--hook-master-start=unix_signal:15 gracefully_kill_them_all',
  );
});

it.each([
  ['uvicorn a:b', { FORWARDED_ALLOW_IPS: '*', UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: '8' }],
  ['python3 -m uvicorn a:b', { FORWARDED_ALLOW_IPS: '*', UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: '8' }],
  ['granian a:b', { GRANIAN_LOG_ACCESS_ENABLED: 'true', GRANIAN_WORKERS_KILL_TIMEOUT: '8' }],
  ['sanic a:b', { SANIC_GRACEFUL_SHUTDOWN_TIMEOUT: '8', SANIC_ACCESS_LOG: 'true' }],
  ['gunicorn --config docker/gunicorn.conf.py a:b', {}],
  ['gunicorn -c conf.py a:b', {}],
  [
    'gunicorn --workers 2 a:b',
    {
      FORWARDED_ALLOW_IPS: '*',
      GUNICORN_CMD_ARGS: '--worker-tmp-dir=/dev/shm --threads=4 --graceful-timeout=8 --access-logfile=-',
    },
  ],
  [
    'gunicorn -k gevent a:b',
    {
      FORWARDED_ALLOW_IPS: '*',
      GUNICORN_CMD_ARGS: '--worker-tmp-dir=/dev/shm --graceful-timeout=8 --access-logfile=-',
    },
  ],
  ['celery -A a worker', {}],
])('%s has the environment %j', (command, expected) => {
  expect(serverEnvironment([words(command)], 8)).toEqual(expected);
});

it('takes the variables of all servers of an image together', () => {
  expect(Object.keys(serverEnvironment([['uvicorn'], ['granian'], ['x']], 8))).toHaveLength(4);
});

it.each([
  ['uwsgi --http :80', 'SIGINT'],
  ['uwsgi --http :80 --master', undefined],
  ['uwsgi --die-on-term', undefined],
  ['waitress-serve a:b', 'SIGINT'],
  ['gunicorn a:b', undefined],
])('%s is stopped by %s', (command, signal) => {
  expect(stopSignalOf(words(command))).toBe(signal);
});
