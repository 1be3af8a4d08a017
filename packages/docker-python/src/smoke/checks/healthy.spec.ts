import type { Container, ContainerState } from '../../engine/types';
import { healthy } from './healthy';
import type { Subject } from './types';

const RUNNING: ContainerState = { running: true, exitCode: 0, oomKilled: false, error: '' };
const GREEN = { exitCode: 0, stdout: '', stderr: '' };
const WORKER = { expectation: { kind: 'worker', stayUpMs: 1 } };
const SERVER = { expectation: { kind: 'server', port: 8000, path: '/up' }, healthPath: '/up' };

const BROKER =
  'Error: Could not connect to the message broker at redis://redis:6379/0: Error -2 connecting to redis:6379. Name or service not known..';

/** What the check finds of a process whose health check stays red. */
function found(expected: object, said: string, logs = '') {
  const container: Partial<Container> = {
    exec: () => Promise.resolve({ exitCode: 1, stdout: said, stderr: '' }),
    state: () => Promise.resolve(RUNNING),
    logs: () => Promise.resolve(logs),
  };
  const image = { healthCheck: ['CMD', 'x'], healthTimeoutMs: 5000 };
  const spec = { ...expected, timeoutMs: 0 };
  return healthy.run({ spec, image, container, pause: () => Promise.resolve() } as unknown as Subject);
}

it.each([
  { healthTimeoutMs: 5000, limit: 10_000 },
  { healthTimeoutMs: 40_000, limit: 40_000 },
])('a check may take what the image grants it, and ten seconds at least: %j', async (row) => {
  const limits: number[] = [];
  const container: Partial<Container> = {
    exec: (_, limitMs) => Promise.resolve(void limits.push(limitMs!)).then(() => GREEN),
  };
  const image = { healthCheck: ['CMD', 'x'], healthTimeoutMs: row.healthTimeoutMs };
  const subject = { spec: { timeoutMs: 0 }, image, container, pause: () => Promise.resolve() };
  await healthy.run(subject as unknown as Subject);
  expect(limits).toEqual([row.limit]);
});

it('a check that hangs does not hold up whoever interrupts', async () => {
  const container: Partial<Container> = { exec: () => new Promise(() => undefined) };
  const image = { healthCheck: ['CMD', 'x'], healthTimeoutMs: 5000 };
  const pause = (): Promise<void> => Promise.reject(new Error('interrupted'));
  const subject = { spec: { timeoutMs: 0 }, image, container, pause };
  await expect(healthy.run(subject as unknown as Subject)).rejects.toThrow('interrupted');
});

describe('a health check that stays red', () => {
  it.each([
    ['says what it lacks', BROKER, ''],
    ['does not end, and the log says what it lacks', '', `[ERROR] consumer: Cannot connect: ${BROKER}`],
    ['gets no reply, and the log says what it lacks', 'Error: No nodes replied', `[ERROR] ${BROKER}`],
  ])('of a worker %s: a service', async (_, said, logs) => {
    const outcome = await found(WORKER, said, logs);
    expect(outcome).toMatchObject({
      judgement: {
        verdict: 'needs-service',
        cause: expect.stringContaining('does not answer: Redis') as string,
        hint: expect.stringContaining('"compose"') as string,
      },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/known\.+\)|\.\. /);
  });

  it('of a process without a path is not told to have another one', async () => {
    const outcome = await found(WORKER, 'unwell.');
    expect(outcome).toMatchObject({
      judgement: { verdict: 'broken-image', cause: 'It runs, but its health check fails: unwell.' },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/path/);
  });

  it('of a server that refuses its own check is no lack of a service', async () => {
    expect(await found(SERVER, 'port 8000 does not answer: [Errno 111] Connection refused')).toMatchObject({
      judgement: {
        verdict: 'broken-image',
        hint: expect.stringContaining('The check asks /up.') as string,
      },
    });
  });

  it('of a server whose log names a service', async () => {
    const log = 'psycopg.OperationalError: connection refused';
    expect(await found(SERVER, '/up is answered with status 500', log)).toMatchObject({
      judgement: {
        verdict: 'needs-service',
        cause: expect.stringMatching(/status 500\. It needs a service.*PostgreSQL/) as string,
      },
    });
  });
});
