import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Container, ContainerState } from '../../engine/types';
import { answers } from './answers';
import type { Outcome, Subject } from './types';

const RUNNING: ContainerState = { running: true, exitCode: 0, oomKilled: false, error: '' };

/** What the check finds of a server that gives each request this status. */
async function found(status: number, logs = '', expected: object = {}): Promise<Outcome> {
  const server: Server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const container: Partial<Container> = {
    addresses: { 8000: address },
    state: () => Promise.resolve(RUNNING),
    logs: () => Promise.resolve(logs),
  };
  const expectation = { kind: 'server', port: 8000, path: '/', ...expected };
  const spec = { expectation, timeoutMs: 300 };
  try {
    return await answers.run({ spec, container, pause: () => Promise.resolve() } as unknown as Subject);
  } finally {
    server.close();
  }
}

/** A port at which nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `127.0.0.1:${port}`;
}

it('is asked inside where nothing answers at the published port', async () => {
  const asked: string[] = [];
  const container: Partial<Container> = {
    addresses: { 8000: await closedPort() },
    state: () => Promise.resolve(RUNNING),
    exec: (argv) => {
      asked.push(argv.slice(-2).join(' '));
      return Promise.resolve({ exitCode: 0, stdout: '{"status":200,"body":"Hello"}\n', stderr: '' });
    },
  };
  const expectation = { kind: 'server', port: 8000, path: '/up', status: 200, body: 'Hello' };
  const spec = { expectation, timeoutMs: 20_000 };
  const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  expect(await answers.run({ spec, container, pause } as unknown as Subject)).toMatchObject({
    note: expect.stringContaining('/up answers 200') as string,
  });
  expect(asked).toEqual(['8000 /up']);
}, 20_000);

it('is waited for inside no longer than until the user interrupts', async () => {
  const container: Partial<Container> = {
    addresses: { 8000: await closedPort() },
    state: () => Promise.resolve(RUNNING),
    exec: () => new Promise(() => undefined),
  };
  const began = performance.now();
  const pause = (ms: number): Promise<void> =>
    performance.now() - began < 6_000
      ? new Promise((done) => setTimeout(done, ms))
      : Promise.reject(new Error('interrupted'));
  const spec = { expectation: { kind: 'server', port: 8000, path: '/' }, timeoutMs: 20_000 };
  await expect(answers.run({ spec, container, pause } as unknown as Subject)).rejects.toThrow('interrupted');
}, 20_000);

describe('an answer', () => {
  it('of 500 is told once, with a path that needs nothing and what else may be missing', async () => {
    const outcome = await found(500);
    expect(outcome).toMatchObject({
      judgement: { verdict: 'broken-image', cause: 'It answers with status 500 at path /.' },
    });
    const { hint } = (outcome as { judgement: { hint: string } }).judgement;
    for (const setting of ['"path": "/healthz"', '"env": ...', '"compose": ...'])
      expect(hint).toContain(setting);
    expect(hint).not.toMatch(/timeout|port/);
  });

  it('of 503 until the end may need longer as well', async () => {
    expect(await found(503)).toMatchObject({
      judgement: { hint: expect.stringContaining('"timeout": "60s"') as string },
    });
  });

  it('of 500 has the cause that the log names', async () => {
    const log = 'Traceback (most recent call last):\nValueError: boom';
    expect(await found(500, log)).toMatchObject({
      judgement: { cause: 'It answers with status 500 at path /. Its code fails: ValueError: boom.' },
    });
  });

  it('with another status than the one that is asked for names both', async () => {
    expect(await found(404, '', { path: '/up', status: 200 })).toMatchObject({
      judgement: {
        cause: 'It answers with status 404 instead of 200 at path /up.',
        hint: expect.stringContaining('"path": "/up", "status": 404') as string,
      },
    });
  });
});
