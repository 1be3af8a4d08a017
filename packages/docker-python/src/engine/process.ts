import type { Readable } from 'node:stream';
import { execa, type Options } from 'execa';
import treeKill from 'tree-kill';
import type { Argv } from './argv';
import { keptWords } from './words';

export interface ProcessResult {
  /** Exit code; 127 where the program does not exist. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** `capture`: keep the output. `show`: hand the terminal over. `both`: print it as it comes and keep it. */
  readonly output: 'capture' | 'show' | 'both';
  /** What the process reads from its standard input; nothing if absent. */
  readonly input?: string;
  /** After so long the process and its children are killed; then the exit code is 124, as with coreutils' `timeout`. */
  readonly timeoutMs?: number;
  /**
   * Which answers stay the same while this process lives, so that the question is asked once: `yes` where a failure may
   * be a success the next time, as of an engine that is about to start; `any` where it is an answer too.
   */
  readonly lasting?: 'yes' | 'any';
}

/** Starts a process and waits for it. Never throws for a process that fails. */
export type ProcessRunner = (program: string, argv: Argv, options: ProcessOptions) => Promise<ProcessResult>;

/** Of the output of a build, which has no end. The end of long output is what says why something failed. */
const KEEP_BYTES = 8 * 1024 * 1024;

const OUTPUT = {
  capture: { stdout: 'pipe', stderr: 'pipe' },
  show: { stdout: 'inherit', stderr: 'inherit' },
  both: { stdout: ['inherit', 'pipe'], stderr: ['inherit', 'pipe'] },
} as const satisfies Record<ProcessOptions['output'], Options>;

/**
 * Runs processes for real, several at a time if need be. When this process is told to end (Ctrl-C, a cancelled CI job),
 * the whole trees of those that run are ended first, so that nothing goes on behind the user's back.
 */
export function processRunner(): ProcessRunner {
  return askingOnce(endingWithUs());
}

/** Many tasks in one process have the same questions, unless one has variables of its own. */
function askingOnce(start: ProcessRunner): ProcessRunner {
  const known = new WeakMap<NodeJS.ProcessEnv, Map<string, Promise<ProcessResult>>>();
  return async (program, argv, options) => {
    if (options.lasting === undefined) return start(program, argv, options);
    const answers = known.get(process.env) ?? new Map<string, Promise<ProcessResult>>();
    known.set(process.env, answers);
    const question = JSON.stringify([program, argv, options.env]);
    const answer = answers.get(question) ?? start(program, argv, options);
    answers.set(question, answer);
    const result = await answer;
    if (result.exitCode !== 0 && options.lasting === 'yes') answers.delete(question);
    return result;
  };
}

function endingWithUs(): ProcessRunner {
  const running = new Set<number>();
  const endBy = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const exit = (): never => process.exit(signal === 'SIGINT' ? 130 : 143);
    let left = running.size;
    for (const pid of running) treeKill(pid, signal, () => --left === 0 && exit());
    if (left === 0) exit();
  };
  const endings: readonly (readonly [event: string, end: () => void])[] = [
    ['SIGINT', () => endBy('SIGINT')],
    ['SIGTERM', () => endBy('SIGTERM')],
    // The process that asked for this one is gone: Nx 22 ends without a word to its workers.
    ['disconnect', () => endBy('SIGTERM')],
  ];
  return async (program, argv, options) => {
    const { pid, result } = spawn(program, argv, options, {});
    if (running.size === 0) for (const [event, end] of endings) process.once(event, end);
    if (pid !== undefined) running.add(pid);
    try {
      return await result;
    } finally {
      if (pid !== undefined) running.delete(pid);
      if (running.size === 0) for (const [event, end] of endings) process.off(event, end);
    }
  };
}

/** The processes of an executor that does one thing after the other. */
export const runProcess: ProcessRunner = processRunner();

/**
 * For callers that answer Ctrl-C themselves, because they have something to take down first. The process gets
 * a group of its own, so that the terminal's signal does not reach it.
 */
export const runUndisturbed: ProcessRunner = (program, argv, options) =>
  spawn(program, argv, options, { detached: process.platform !== 'win32' }).result;

interface Running {
  readonly pid: number | undefined;
  readonly result: Promise<ProcessResult>;
}

function spawn(program: string, argv: Argv, options: ProcessOptions, more: Options): Running {
  const words = options.output === 'capture' ? undefined : keptWords();
  const child = execa(program, [...argv], {
    ...OUTPUT[words ? 'capture' : options.output],
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    reject: false,
    ...(options.env ? { env: options.env } : {}),
    // Where execa keeps the output itself, it keeps the beginning and ends a process that says more.
    buffer: false,
    ...more,
  });
  const limit = options.output === 'capture' ? Infinity : KEEP_BYTES;
  const [stdout, stderr] = [lastBytes(child.stdout, limit), lastBytes(child.stderr, limit)];
  const isLate = timeLimit(child.pid, options.timeoutMs);
  const finish = async (): Promise<ProcessResult> => {
    const result = await child;
    words?.push(...[stderr(), stdout()].filter((text) => text !== ''));
    return {
      exitCode: isLate() ? 124 : (result.exitCode ?? (result.code === 'ENOENT' ? 127 : 1)),
      stdout: stdout(),
      stderr: stderr() || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
    };
  };
  return { pid: child.pid, result: finish() };
}

/** Kills a process and its children when their time is up. The answer ends the watch. */
function timeLimit(pid: number | undefined, timeoutMs: number | undefined): () => boolean {
  if (timeoutMs === undefined || pid === undefined) return () => false;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    treeKill(pid, 'SIGKILL');
  }, timeoutMs);
  return () => {
    clearTimeout(timer);
    return late;
  };
}

/** Collects the end of a stream, by whole chunks. */
function lastBytes(stream: Readable | null, limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    while (size - chunks[0]!.length >= limit) size -= chunks.shift()!.length;
  });
  return () =>
    Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '');
}
