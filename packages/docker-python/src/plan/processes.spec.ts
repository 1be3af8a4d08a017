import type { PythonProject } from '../detection/types';
import type { Settings } from '../settings/schema';
import { planProcesses, portOfCommand, withPortVariable } from './processes';

const rows: [before: string, after: string][] = [
  ['uvicorn api:app --host 0.0.0.0 --port 8000', 'uvicorn api:app --host 0.0.0.0 --port $PORT'],
  ['hypercorn --bind 0.0.0.0:8000 api:app', 'hypercorn --bind 0.0.0.0:$PORT api:app'],
  ['waitress-serve --listen 0.0.0.0:8000 api:app', 'waitress-serve --listen 0.0.0.0:$PORT api:app'],
  ['streamlit run app.py --server.port=8000', 'streamlit run app.py --server.port=$PORT'],
  ['streamlit run app.py --server.port 8000', 'streamlit run app.py --server.port $PORT'],
  ['gunicorn --bind=:8000 api:app', 'gunicorn --bind=:$PORT api:app'],
  ['gunicorn -b [::]:8000 api:app', 'gunicorn -b [::]:$PORT api:app'],
  ['uwsgi --http 0.0.0.0:8000 --module api', 'uwsgi --http 0.0.0.0:$PORT --module api'],
  ['env GRADIO_SERVER_PORT=8000 python demo.py', 'env GRADIO_SERVER_PORT=$PORT python demo.py'],
  // Words that only look like it.
  ['env DB_PORT=8000 python main.py', 'env DB_PORT=8000 python main.py'],
  ['python main.py --limit 8000', 'python main.py --limit 8000'],
  ['python main.py --proxy http://proxy:8000', 'python main.py --proxy http://proxy:8000'],
  ['python main.py 18000', 'python main.py 18000'],
];

it.each(rows)('%s', (before, after) => {
  expect(withPortVariable(before.split(' '), 8000).join(' ')).toBe(after);
});

it.each([
  ['gunicorn --workers 2 -b 0.0.0.0:5000 api:app', 5000],
  ['python -m http.server --port=81', 81],
  ['gunicorn --config docker/gunicorn.conf.py api:app', 8000],
  ['celery -A api worker', undefined],
  ['python main.py --redis redis:6379', undefined],
])('the port of %s', (command, port) => {
  expect(portOfCommand(command.split(' '))).toBe(port);
});

const project = (processes: Record<string, { command: string[]; port?: number }>): PythonProject =>
  ({
    processes: Object.fromEntries(
      Object.entries(processes).map(([name, value]) => [name, { value, from: 'a test' }]),
    ),
  }) as unknown as PythonProject;

const plan = (processes: Parameters<typeof project>[0], settings: Settings = {}) =>
  planProcesses(project(processes), settings, '/app/apps/api');

describe('processes of an image', () => {
  it('have the default one first, whatever their order', () => {
    const { processes } = plan({ worker: { command: ['x'] }, web: { command: ['y'], port: 8000 } });
    expect(processes.map(({ name }) => name)).toEqual(['web', 'worker']);
  });

  it('are asked for a path where they serve: a worker beside them is not', () => {
    const { processes } = plan(
      { web: { command: ['gunicorn'], port: 80 }, worker: { command: ['python', 'worker.py'] } },
      { healthCheck: { path: '/up' } },
    );
    expect(processes.map(({ health }) => health?.kind)).toEqual(['http', 'alive']);
  });

  it.each([
    ['a server', { command: ['gunicorn'], port: 80 }, {}, { kind: 'http', path: '/' }],
    [
      'a path',
      { command: ['gunicorn'], port: 80 },
      { healthCheck: { path: '/up' } },
      { kind: 'http', path: '/up', below: 400 },
    ],
    [
      'Streamlit',
      { command: ['streamlit', 'run'], port: 80 },
      {},
      { kind: 'http', path: '/_stcore/health', below: 400 },
    ],
    ['a script', { command: ['python', 'main.py'] }, {}, { kind: 'alive' }],
    [
      'Celery',
      { command: ['celery', '--app', 'a:b', 'worker', '-l', 'INFO'] },
      {},
      {
        kind: 'command',
        argv: ['celery', '--app', 'a:b', 'inspect', 'ping', '--destination', 'celery@$HOSTNAME'],
      },
    ],
    [
      'Celery as a module of Python, of an application and with a queue that are called worker',
      { command: ['python', '-m', 'celery', '-q', '-A', 'worker', 'worker', '-Q', 'worker'] },
      {},
      {
        kind: 'command',
        argv: [
          ...['python', '-m', 'celery', '-q', '-A', 'worker'],
          ...['inspect', 'ping', '--destination', 'celery@$HOSTNAME'],
        ],
      },
    ],
    [
      'RQ',
      { command: ['rq', 'worker', '--url', 'redis://r', 'high'] },
      {},
      {
        kind: 'command',
        argv: ['rq', 'info', '--only-workers', '--url', 'redis://r'],
        prints: '$HOSTNAME',
      },
    ],
    ['another command of RQ', { command: ['rq', 'cron', 'jobs.py'] }, {}, { kind: 'alive' }],
    ['Celery beat', { command: ['celery', '-A', 'a', 'beat'] }, {}, { kind: 'alive' }],
    ['none, by setting', { command: ['gunicorn'], port: 80 }, { healthCheck: false as const }, undefined],
  ])('are healthy as befits %s', (_what, process, settings, probe) => {
    expect(plan({ web: process }, settings).processes[0]!.health).toEqual(probe);
  });

  it.each([
    [['-n', 'w1@%h'], 'w1@$HOSTNAME'],
    [['-nw1@%h'], 'w1@$HOSTNAME'],
    [['--hostname', 'w1@'], 'w1@$HOSTNAME'],
    [['--hostname=w1@east.%h'], 'w1@east.$HOSTNAME'],
    [['--hostname=x'], 'celery@x'],
    [['--hostname=w1@%n'], undefined],
    [['--hostname=w1@$POD'], undefined],
    [['--hostname=w1@a,w2@b'], undefined],
  ])('Celery with %j is asked as %s', (options, node) => {
    const command = ['celery', '-A', 'a', 'worker', ...options];
    expect(plan({ web: { command } }).processes[0]!.health).toEqual(
      node === undefined
        ? { kind: 'alive' }
        : { kind: 'command', argv: ['celery', '-A', 'a', 'inspect', 'ping', '--destination', node] },
    );
  });

  it('may switch the health check off one by one', () => {
    const settings: Settings = {
      processes: { web: { command: 'x', port: 80 }, worker: { command: 'y', healthCheck: false } },
    };
    const { processes } = plan({ web: { command: ['x'], port: 80 }, worker: { command: ['y'] } }, settings);
    expect(processes.map(({ health }) => health?.kind)).toEqual(['http', undefined]);
  });

  it('share one health check: as often as befits the first, with time for the slowest', () => {
    const web = { command: ['gunicorn'], port: 80 };
    const worker = { command: ['celery', '-A', 'a', 'worker'] };
    const bot = { command: ['python', 'bot.py'] };
    const short = { interval: 10, timeout: 5, startPeriod: 20 };
    const program = { interval: 60, timeout: 20, startPeriod: 30 };
    expect(plan({ web, bot }).health).toEqual(short);
    expect(plan({ worker, bot }).health).toEqual(program);
    expect(plan({ worker, web }).health).toEqual({ ...program, interval: 10 });
    expect(plan({ bot, worker }).health).toEqual({ ...program, interval: 10 });
    expect(plan({ web, worker }, { healthCheck: { timeout: '3s' } }).health?.timeout).toBe(3);
    expect(
      plan({ web, worker }, { processes: { worker: { command: 'x', healthCheck: false } } }).health,
    ).toEqual(short);
  });

  it.each([
    [{}, [4, 19, undefined]],
    [{ timeout: '30s' }, [29, 29, undefined]],
    [{ timeout: '1s' }, [0.5, 0.5, undefined]],
  ])('are given less time to answer than the check with %j may take', (healthCheck, patience) => {
    const { processes } = plan(
      {
        web: { command: ['gunicorn'], port: 80 },
        worker: { command: ['celery', '-A', 'a', 'worker'] },
        bot: { command: ['python', 'bot.py'] },
      },
      { healthCheck },
    );
    expect(processes.map((process) => process.patience)).toEqual(patience);
  });

  it('are stopped by the signal that their program understands', () => {
    expect(plan({ web: { command: ['uwsgi', '--http', ':80'] } }).stopSignal).toBe('SIGINT');
    expect(plan({ web: { command: ['gunicorn', 'x'] } }).stopSignal).toBeUndefined();
  });

  it('give gunicorn less time than the engine gives the container', () => {
    expect(plan({ web: { command: ['x'] } }, { stopTimeout: '30s' }).env).toEqual({ GRACEFUL_TIMEOUT: '28' });
    expect(plan({ web: { command: ['x'] } }, { stopTimeout: '1s' }).env).toEqual({ GRACEFUL_TIMEOUT: '1' });
  });

  it('write where the settings say, never in their own code', () => {
    expect(plan({ web: { command: ['x'] } }, { writable: ['media', '/var/lib/app'] }).writable).toEqual([
      '/app/apps/api/media',
      '/var/lib/app',
    ]);
    for (const folder of ['.', '/', '/etc', '../../..', 'a b'])
      expect(() => plan({ web: { command: ['x'] } }, { writable: [folder] })).toThrow('"writable" has');
  });

  it('are started by a name that no program has, else by their path: a program of that name would be found first', () => {
    const command = ['newrelic-admin', 'run-program', 'python', 'x.py'];
    const names = ['web', 'worker', 'beat', 'celery', 'flask', 'sync'];
    const { processes } = plan(Object.fromEntries(names.map((name) => [name, { command }])));
    expect(processes.map(({ launcher }) => launcher)).toEqual([
      'web',
      'worker',
      'beat',
      '/opt/docker-python/bin/celery',
      '/opt/docker-python/bin/flask',
      '/opt/docker-python/bin/sync',
    ]);
  });

  it.each([
    ['a process', { worker: { command: ['worker'] } }, []],
    ['the project itself', { worker: { command: ['python', 'w.py'] } }, ['worker', 'api']],
  ])('are started by their path where %s has a program of their name', (_what, processes, scripts) => {
    const { launcher } = planProcesses(project(processes), {}, '/app', scripts).processes[0]!;
    expect(launcher).toBe('/opt/docker-python/bin/worker');
  });
});
