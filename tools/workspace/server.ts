/** A server as a child process that ends with this one at the latest: registries, builders. */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { attempt, tail, ToolError } from '../shell';

const STARTS_WITHIN_MS = 15_000;

type Child = ChildProcessByStdio<null, null, Readable>;

/** What is started, and how one sees that it serves. */
export interface ServerSpec {
  /** For messages: `The registry`. */
  readonly title: string;
  readonly program: string;
  readonly argv: readonly string[];
  /** All that it keeps; removed when it ends. */
  readonly folder: string;
  /** What its log says as soon as it serves. */
  readonly ready: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  /** What `ready` found. */
  readonly said: RegExpExecArray;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a server that logs to stderr. Throws a ToolError with the end of its log. */
export async function startServer(spec: ServerSpec): Promise<RunningServer> {
  const { folder, env = {} } = spec;
  const child = spawn(...(await command(spec)), {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: folder,
    env: { ...process.env, ...env },
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
    const said = await logged(child, spec);
    // A server that its owner forgot must not keep the owner alive.
    child.unref();
    if (child.stderr instanceof Socket) child.stderr.unref();
    return { said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Where setpriv(1) can, the kernel ends the server together with whoever started it, even if that one is killed and
 * runs no exit handler.
 */
async function command({ program, argv }: ServerSpec): Promise<[string, string[]]> {
  const guard = ['--pdeathsig', 'KILL', '--'];
  const guarded = await attempt('setpriv', [...guard, program, '--version']);
  return guarded.ok ? ['setpriv', [...guard, program, ...argv]] : [program, [...argv]];
}

/** Reads the log until it serves; what comes later is thrown away, so that the pipe never fills. */
function logged(child: Child, { title, ready }: ServerSpec): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new ToolError(`${title} did not start: ${reason}\n${tail(log)}`));
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
      const said = ready.exec(log);
      if (said === null) return;
      clearTimeout(timer);
      child.stderr.off('data', read).resume();
      resolve(said);
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
