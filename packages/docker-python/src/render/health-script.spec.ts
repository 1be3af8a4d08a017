import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { tempFolder, writeFiles } from '../testing/temp-folder';

/** No other process of this machine carries the mark of this one. */
const NAME = `health-${process.pid}`;

const started: (ChildProcess | Server)[] = [];

afterEach(() => {
  for (const one of started.splice(0)) {
    if ('kill' in one) one.kill();
    else one.close();
  }
});

/** What the check says of a process that a launcher has become. */
async function check(probe: object, env: Readonly<Record<string, string>> = {}) {
  const folder = tempFolder();
  writeFiles(folder, { 'processes.json': JSON.stringify({ [NAME]: probe }) });
  copyFileSync(join(__dirname, 'scripts', 'health.py'), join(folder, 'health.py'));
  const launched = spawn('sleep', ['60'], {
    env: { ...process.env, ...env, DOCKER_PYTHON_PROCESS: NAME },
    stdio: 'ignore',
  });
  started.push(launched);
  await new Promise((resolve) => launched.once('spawn', resolve));
  const program = spawn('python3', ['-I', '-S', join(folder, 'health.py')]);
  let said = '';
  program.stdout.on('data', (data) => (said += String(data)));
  program.stderr.on('data', (data) => (said += String(data)));
  const status = await new Promise((resolve) => program.once('close', resolve));
  return { status, said: said.trim() };
}

/** A server that takes its time: 1.5 seconds. */
async function slowServer(): Promise<string> {
  const server = createServer((socket) => {
    const late = setTimeout(() => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 1500);
    socket.on('error', () => undefined).once('close', () => clearTimeout(late));
  });
  started.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return String((server.address() as AddressInfo).port);
}

it.each([
  [0.5, 1, /^port \d+ does not answer: timed out$/],
  [3, 0, /^$/],
])('waits %d seconds for an answer, as the table says', async (patience, status, words) => {
  const PORT = await slowServer();
  expect(await check({ kind: 'http', path: '/', patience }, { PORT })).toEqual({
    status,
    said: expect.stringMatching(words) as string,
  });
});

it('does not wait longer for a program, and says so before it is killed itself', async () => {
  const patient = { kind: 'command', patience: 0.5 };
  expect(await check({ ...patient, argv: ['sleep', '2'] })).toEqual({
    status: 1,
    said: 'sleep has not ended after 0.5 s',
  });
  expect(await check({ ...patient, argv: ['true'], patience: 3 })).toEqual({ status: 0, said: '' });
});
