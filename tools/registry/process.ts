/** A registry as a child process, from Debian's program and a config of its own. */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { attempt, tail, ToolError } from '../shell';
import type { RegistryOptions, RunningRegistry } from './start-registry';

const STARTS_WITHIN_MS = 15_000;

type Child = ChildProcessByStdio<null, null, Readable>;

/** Starts the program in a temporary folder. Throws a ToolError with the end of its log. */
export async function startProcess(program: string, options: RegistryOptions): Promise<RunningRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const config = join(folder, 'config.json');
  if (options.htpasswd !== undefined) await writeFile(join(folder, 'htpasswd'), `${options.htpasswd}\n`);
  // JSON is YAML too.
  await writeFile(config, JSON.stringify(configOf(folder, options), null, 2));
  const child = spawn(...(await command(program, config)), {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: folder,
  });
  const end = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    process.off('exit', end);
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(child);
    // A registry that its owner forgot must not keep the owner alive.
    child.unref();
    if (child.stderr instanceof Socket) child.stderr.unref();
    return { host: `localhost:${port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Where setpriv(1) can, the kernel ends the registry together with whoever started it, even if that
 * one is killed and runs no exit handler.
 */
async function command(program: string, config: string): Promise<[string, string[]]> {
  const serve = [program, 'serve', config];
  const guard = ['--pdeathsig', 'KILL', '--'];
  const guarded = await attempt('setpriv', [...guard, program, '--version']);
  return guarded.ok ? ['setpriv', [...guard, ...serve]] : [program, serve.slice(1)];
}

function configOf(folder: string, options: RegistryOptions): object {
  const auth = { htpasswd: { realm: 'docker-python', path: join(folder, 'htpasswd') } };
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: options.storage ?? join(folder, 'storage') },
      delete: { enabled: true },
    },
    // Port 0 is any free one: there is no moment in which another process could take it.
    http: { addr: `127.0.0.1:${options.port ?? 0}` },
    ...(options.htpasswd === undefined ? {} : { auth }),
  };
}

/** Reads the log until it names the port; what comes later is thrown away, so that the pipe never fills. */
function listeningPort(child: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new ToolError(`The registry did not start: ${reason}\n${tail(log)}`));
    };
    const timer = setTimeout(fail, STARTS_WITHIN_MS, 'no answer in 15 seconds.');
    child.once('error', (error) => {
      fail(error.message);
    });
    child.once('exit', (code) => {
      fail(`it ended with code ${code}.`);
    });
    const read = (chunk: string): void => {
      log += chunk;
      const port = /listening on [^"]*:(\d+)/.exec(log)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      child.stderr.off('data', read).resume();
      resolve(port);
    };
    child.stderr.setEncoding('utf8').on('data', read);
  });
}

function ended(child: Child): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    child.ref();
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
}
