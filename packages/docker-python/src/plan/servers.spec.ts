import { serverEnvironment, stopSignalOf, withServerOptions, type Care } from './servers';

const words = (command: string): string[] => command.split(' ');
const care = (...commands: string[]): Care => ({ grace: 8, commands: commands.map(words), files: [] });

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
  expect(withServerOptions(words(command), care(command)).join(' ')).toBe(expected);
});

it('adds what has blanks as one word', () => {
  expect(withServerOptions(['waitress-serve', 'a:b'], care())).toEqual([
    'waitress-serve',
    '--trusted-proxy=*',
    '--trusted-proxy-headers=x-forwarded-proto x-forwarded-for',
    'a:b',
  ]);
  expect(withServerOptions(['/usr/bin/uwsgi', '--master'], care())[1]).toBe(
    '--hook-master-start=unix_signal:15 gracefully_kill_them_all',
  );
});

it.each([
  ['uvicorn a:b', { FORWARDED_ALLOW_IPS: '*', UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: '8' }],
  ['python3 -m uvicorn a:b', { FORWARDED_ALLOW_IPS: '*', UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: '8' }],
  ['granian a:b', { GRANIAN_LOG_ACCESS_ENABLED: 'true', GRANIAN_WORKERS_KILL_TIMEOUT: '8' }],
  ['sanic a:b', { SANIC_GRACEFUL_SHUTDOWN_TIMEOUT: '6', SANIC_ACCESS_LOG: 'true' }],
  ['gunicorn --config docker/gunicorn.conf.py a:b', {}],
  ['gunicorn -c conf.py a:b', { FORWARDED_ALLOW_IPS: '*' }],
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
  expect(serverEnvironment(care(command))).toEqual(expected);
});

it('leaves a gunicorn alone that finds a configuration by itself: options in a variable would be stronger', () => {
  const found = { ...care('gunicorn a:b'), files: ['gunicorn.conf.py'] };
  expect(serverEnvironment(found)).toEqual({ FORWARDED_ALLOW_IPS: '*' });
  expect(withServerOptions(words('gunicorn a:b'), found)).toEqual(words('gunicorn a:b'));
});

it.each([
  'gunicorn --config admin.py admin:app',
  'python -m gunicorn -c admin.py admin:app',
  'newrelic-admin run-program gunicorn --config=admin.py admin:app',
])('takes no variable that would overrule the configuration of another process: %s', (other) => {
  const both = care('gunicorn --threads 2 a:b', other);
  expect(serverEnvironment(both)).toEqual({ FORWARDED_ALLOW_IPS: '*' });
  expect(withServerOptions(words('gunicorn --threads 2 a:b'), both).join(' ')).toBe(
    'gunicorn --worker-tmp-dir=/dev/shm --graceful-timeout=8 --access-logfile=- --threads 2 a:b',
  );
  expect(withServerOptions(words(other), both)).toEqual(words(other));
});

it('takes the variables of all servers of an image together', () => {
  expect(Object.keys(serverEnvironment(care('uvicorn', 'granian', 'x')))).toHaveLength(4);
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
