import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run, tail } from '../../tools/shell';
import { docker } from './docker';
import { forwardTcp } from './forward-tcp';

/** A Docker engine that keeps images as all did before the containerd image store. */
export interface ClassicEngine {
  /** For whoever is to use it. */
  readonly env: { readonly DOCKER_HOST: string };
  /** What `docker` prints there, which must have succeeded. */
  docker(...argv: string[]): Promise<string>;
  /** Takes it down, with all that it has. */
  stop(): Promise<void>;
}

/** The base image that it has. */
export const BASE = 'python:3.13-slim-trixie';
const IMAGE = 'docker-python-classic-engine';

/** Debian 13 has Docker 26, whose images are in the classic store unless its settings say otherwise. */
const DOCKERFILE = `FROM ${BASE}
RUN apt-get update -qq \\
  && apt-get install -qq -y --no-install-recommends docker.io iptables \\
  && rm -rf /var/lib/apt/lists/* \\
  && dockerd --version
`;

const LISTENS = /API listen on \S+:2375/;
const STARTS_WITHIN_MS = 90_000;

/** Ends with its standard input, which the engine outside closes when whoever has started this is gone. */
const SERVE = 'dockerd --host=tcp://0.0.0.0:2375 --tls=false & cat > /dev/null; kill $!; wait $!';

/** Port of its own loopback interface -> a port of this machine. Arguments: the one, the address and the other. */
const FORWARD = `
import asyncio, sys
async def copy(source, sink):
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    finally:
        sink.close()
async def serve(reader, writer):
    there, back = await asyncio.open_connection(sys.argv[2], int(sys.argv[3]))
    await asyncio.gather(copy(reader, back), copy(there, writer), return_exceptions=True)
async def main():
    async with await asyncio.start_server(serve, '127.0.0.1', int(sys.argv[1])) as server:
        await server.serve_forever()
asyncio.run(main())
`;

/**
 * Starts the engine in a container of the machine's own, so that it needs no rights here, has a network of its own, and
 * leaves nothing behind: it ends with this process at the latest. It has the default base image, and reaches a registry
 * of this machine by the name that it has here.
 *
 * @param registry `localhost:PORT`
 */
export async function startClassicEngine(registry: string): Promise<ClassicEngine> {
  await buildEngine();
  const name = `${IMAGE}-${randomUUID()}`;
  const argv = ['run', '--rm', '--interactive', `--name=${name}`, '--label=docker-python.test=1'];
  const rights = ['--privileged', '--cgroupns=host', '--volume=/var/lib/docker'];
  const child = spawn('docker', [...argv, ...rights, IMAGE, 'sh', '-c', SERVE], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = registry.split(':')[1]!;
  const forwarder = await forwardTcp({ host: '127.0.0.1', port: Number(port) });
  const stop = async (): Promise<void> => {
    child.stdin.destroy();
    await attempt('docker', ['rm', '--force', '--volumes', name]);
    await gone;
    forwarder.stop();
    await attempt('docker', ['rmi', IMAGE]);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let log = '';
      const fail = (): void => reject(new Error(`the classic engine did not start:\n${tail(log)}`));
      setTimeout(fail, STARTS_WITHIN_MS).unref();
      child.once('close', fail);
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk;
        if (LISTENS.test(log)) resolve();
      });
    });
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.Gateway}}{{end}}';
    const [address, gateway] = (await docker('inspect', `--format=${format}`, name)).split(' ');
    const env = { DOCKER_HOST: `tcp://${address}:2375` };
    await docker(
      ...['exec', '--detach', name, 'python', '-c', FORWARD, port, gateway!, String(forwarder.port)],
    );
    await run('sh', ['-c', `docker save ${BASE} | DOCKER_HOST=${env.DOCKER_HOST} docker load`]);
    return { env, docker: async (...argv) => (await run('docker', argv, { env })).trim(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function buildEngine(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-classic-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
    await docker('buildx', 'build', '--quiet', '--load', `--tag=${IMAGE}`, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
