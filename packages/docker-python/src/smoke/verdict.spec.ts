import type { ContainerState } from '../engine/types';
import { judge, type Evidence } from './verdict';

const EXITED: ContainerState = { running: false, exitCode: 1, oomKilled: false, error: '' };
const RUNNING: ContainerState = { ...EXITED, running: true, exitCode: 0 };
const traceback = (...last: string[]): string =>
  [
    'Traceback (most recent call last):',
    '  File "/app/apps/api/app.py", line 3, in <module>',
    '    x',
    ...last,
  ].join('\n');

type Row = [what: string, logs: string, verdict: string, cause: string];

const rows: Row[] = [
  ['a missing module', traceback("ModuleNotFoundError: No module named 'numpy'"), 'broken-image', '"numpy"'],
  [
    'a worker of gunicorn that cannot boot',
    `${traceback("ModuleNotFoundError: No module named 'nope'")}\n[2026-01-01] [7] [INFO] Worker exiting (pid: 7)\n[ERROR] Worker failed to boot.`,
    'broken-image',
    '"nope"',
  ],
  [
    'workers of which one was ended while it said the same',
    `${traceback("KeyError: 'API_TOKEN'")}\n[2026-01-01] [10] [INFO] Worker exiting (pid: 10)\nTraceback (most recent call last):\n[2026-01-01] [11] [ERROR] Exception in worker process`,
    'needs-configuration',
    'API_TOKEN',
  ],
  [
    'a wrong object for gunicorn',
    "Failed to find attribute 'application' in 'app'.",
    'broken-image',
    '"application" of the module "app"',
  ],
  [
    'a wrong module for uvicorn',
    'ERROR:    Error loading ASGI app. Could not import module "shop.main".',
    'broken-image',
    '"shop.main"',
  ],
  [
    'a wrong object for uvicorn',
    'ERROR:    Error loading ASGI app. Attribute "api" not found in module "main".',
    'broken-image',
    '"api" of the module "main"',
  ],
  [
    'a shared library',
    traceback('ImportError: libpq.so.5: cannot open shared object file: No such file or directory'),
    'broken-image',
    'libpq.so.5',
  ],
  [
    'a library of cffi',
    traceback('OSError: no library called "cairo-2" was found'),
    'broken-image',
    'cairo-2',
  ],
  [
    'glibc',
    traceback("ImportError: /lib/libc.so.6: version `GLIBC_2.38' not found (required by x.so)"),
    'broken-image',
    'GLIBC_2.38',
  ],
  [
    'a program that is not there',
    '[FATAL tini (7)] exec gunicornn failed: No such file or directory',
    'broken-image',
    '"gunicornn"',
  ],
  [
    'a program that a launcher misses',
    '/opt/docker-python/bin/web: 4: exec: gunicornn: not found',
    'broken-image',
    '"gunicornn"',
  ],
  [
    'its own code that it writes',
    traceback("OSError: [Errno 30] Read-only file system: '/app/apps/api/cache.db'"),
    'broken-image',
    '/app/apps/api/cache.db, which is read-only',
  ],
  [
    'a folder that it makes',
    traceback("OSError: [Errno 30] Read-only file system: 'media'"),
    'broken-image',
    'media, which is read-only',
  ],
  [
    'a folder that it logs about',
    "2026 [CRITICAL] An exception occurred during server startup: [Errno 30] Read-only file system: '/var/lib/x'",
    'broken-image',
    '/var/lib/x, which is read-only',
  ],
  [
    'an SQLite database where nothing may be written',
    traceback('sqlite3.OperationalError: unable to open database file'),
    'broken-image',
    'SQLite database in a folder that is read-only',
  ],
  [
    'code of root that it writes',
    traceback("PermissionError: [Errno 13] Permission denied: '/app/apps/api/log'"),
    'broken-image',
    '/app/apps/api/log',
  ],
  ['a syntax error', traceback('SyntaxError: invalid syntax'), 'broken-image', 'SyntaxError'],
  ['an error of its own', traceback('ValueError: boom'), 'broken-image', 'ValueError: boom'],
  ['memory', '[ERROR] Worker (pid:9) was sent SIGKILL! Perhaps out of memory?', 'broken-image', 'memory'],
  [
    'segmentation fault',
    'Fatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):',
    'broken-image',
    'Segmentation fault',
  ],
  ['os.environ', traceback("KeyError: 'DATABASE_URL'"), 'needs-configuration', 'DATABASE_URL'],
  [
    'SQLAlchemy without an URL',
    traceback("AttributeError: 'NoneType' object has no attribute '_instantiate_plugins'"),
    'needs-configuration',
    'URL of its database',
  ],
  ['one word of os.environ', traceback("KeyError: 'TOKEN'"), 'needs-configuration', 'TOKEN'],
  [
    'pydantic',
    traceback(
      'pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings',
      'api_key',
      '  Field required [type=missing, input_value={}, input_type=dict]',
    ),
    'needs-configuration',
    'API_KEY',
  ],
  [
    'decouple',
    traceback(
      'decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a default value.',
    ),
    'needs-configuration',
    'SECRET_KEY',
  ],
  [
    'django-environ',
    traceback('django.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable'),
    'needs-configuration',
    'DATABASE_URL',
  ],
  [
    'Django',
    traceback('django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.'),
    'needs-configuration',
    'SECRET_KEY',
  ],
  [
    'environs',
    traceback('environs.exceptions.EnvError: Environment variable "API_TOKEN" not set'),
    'needs-configuration',
    'API_TOKEN',
  ],
  [
    'its own words',
    traceback('RuntimeError: STRIPE_API_KEY is not set'),
    'needs-configuration',
    'STRIPE_API_KEY',
  ],
  [
    'advice on the way out',
    'Please provide the missing variable BOT_TOKEN',
    'needs-configuration',
    'BOT_TOKEN',
  ],
  [
    'a file',
    traceback("FileNotFoundError: [Errno 2] No such file or directory: 'config.yml'"),
    'needs-configuration',
    'config.yml',
  ],
  [
    'credentials',
    traceback('telegram.error.InvalidToken: The token was rejected by the server.'),
    'needs-configuration',
    'InvalidToken',
  ],
  [
    'PostgreSQL',
    traceback(
      'psycopg.OperationalError: connection failed: connection to server at "127.0.0.1", port 5432 failed: Connection refused',
    ),
    'needs-service',
    'PostgreSQL',
  ],
  [
    'Redis',
    traceback(
      'redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.',
    ),
    'needs-service',
    'Redis',
  ],
  [
    'a host',
    traceback('socket.gaierror: [Errno -2] Name or service not known'),
    'needs-service',
    'Name or service not known',
  ],
  [
    'Celery, which tries again',
    '[ERROR/MainProcess] consumer: Cannot connect to amqp://guest:**@127.0.0.1:5672//: [Errno 111] Connection refused.',
    'needs-service',
    'RabbitMQ',
  ],
  [
    'the last of chained tracebacks',
    `${traceback("KeyError: 'X_Y'")}\n\nDuring handling of the above exception, another exception occurred:\n\n${traceback('ConnectionRefusedError: [Errno 111] Connection refused')}`,
    'needs-service',
    'Connection refused',
  ],
  [
    'the last of chained tracebacks, by its cause where the last says nothing',
    `${traceback("KeyError: 'X_Y'")}\n\nThe above exception was the direct cause of the following exception:\n\n${traceback('RuntimeError: bad start')}`,
    'needs-configuration',
    'X_Y',
  ],
  [
    'not an earlier one that was survived',
    `${traceback("KeyError: 'OPTIONAL_X'")}\nretrying\n${traceback("ModuleNotFoundError: No module named 'yaml'")}`,
    'broken-image',
    'yaml',
  ],
  ['nothing', '', 'broken-image', 'exit code 1'],
];

it.each(rows)('output: %s', (_what, logs, verdict, cause) => {
  const judgement = judge({ logs, state: EXITED, expected: 'It does not answer' });
  expect(judgement).toMatchObject({ verdict, cause: expect.stringContaining(cause) });
  expect(judgement.hint).not.toBe('');
});

it.each([
  ['distutils.util', 'Python 3.12 and later', '"python": "3.11"', 'setuptools'],
  ['asyncore', 'Python 3.12 and later', '"python": "3.11"', 'newer version'],
  ['cgi', 'Python 3.13 and later', '"python": "3.12"', 'newer version'],
])('the module %s is gone from the standard library', (name, cause, ...advice) => {
  const logs = traceback(`ModuleNotFoundError: No module named '${name}'`);
  const judgement = judge({ logs, state: EXITED, expected: 'It does not answer' });
  expect(judgement).toMatchObject({ verdict: 'broken-image', cause: expect.stringContaining(cause) });
  for (const words of advice) expect(judgement.hint).toContain(words);
  expect(judgement.hint).not.toContain('is a dependency');
});

const states: [what: string, evidence: Partial<Evidence>, cause: string][] = [
  ['out of memory', { state: { ...EXITED, oomKilled: true, exitCode: 137 } }, 'out of memory'],
  ['segmentation fault without words', { state: { ...EXITED, exitCode: 139 } }, 'segmentation fault'],
  ['nothing to do', { state: { ...EXITED, exitCode: 0 } }, 'exit code 0'],
  ['no start', { state: { ...EXITED, error: 'exec: "web": executable file not found in $PATH' } }, '"web"'],
  ['loopback only', { state: RUNNING, listeners: [{ port: 8000, loopback: true }] }, '127.0.0.1:8000 only'],
  [
    'another port',
    { state: RUNNING, listeners: [{ port: 5000, loopback: false }] },
    'port 5000, not on 8000',
  ],
  ['no port', { state: RUNNING, listeners: [] }, 'nothing listens'],
  [
    'a port that does not answer',
    { state: RUNNING, listeners: [{ port: 8000, loopback: false }] },
    'It does not answer, although it listens there.',
  ],
];

it.each(states)('what is seen from outside: %s', (_what, evidence, cause) => {
  const judgement = judge({
    logs: '',
    state: EXITED,
    port: 8000,
    expected: 'It does not answer',
    ...evidence,
  });
  expect(judgement).toMatchObject({ verdict: 'broken-image', cause: expect.stringContaining(cause) });
});
