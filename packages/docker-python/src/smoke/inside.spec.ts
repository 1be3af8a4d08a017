import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runProcess } from '../engine/process';
import type { Container } from '../engine/container-types';
import { getInside } from './inside';

/** This machine in place of a container, whose own name leads to its address. */
const container: Pick<Container, 'exec'> = {
  exec: ([, ...argv]) =>
    runProcess(
      'python3',
      argv.map((word) => word.replace('socket.gethostbyname(socket.gethostname())', '"127.0.0.1"')),
      { output: 'capture', timeoutMs: 20_000 },
    ),
};

async function asked(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    return await getInside(container, (server.address() as AddressInfo).port, '/events');
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

jest.setTimeout(30_000);

it('says what a server answers, and asks as from this machine', async () => {
  const answer = await asked((request, response) => {
    response.writeHead(201).end(`${request.url} ${request.headers.host}`);
  });
  expect(answer).toEqual({
    status: 201,
    body: expect.stringMatching(/^\/events 127\.0\.0\.1:\d+$/) as string,
  });
});

it('takes the beginning of a stream without an end for an answer', async () => {
  const answer = await asked((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  expect(answer).toEqual({ status: 200, body: 'data: 1\n\n' });
});

it('has no answer of a server that closes the connection', async () => {
  expect(await asked((request) => request.socket.destroy())).toBeUndefined();
});
