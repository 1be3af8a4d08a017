import { execa, type Options } from 'execa';
import treeKill from 'tree-kill';
import type { Argv } from './argv';

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
  /** After so long the process and its children are ended, with exit code 124, as coreutils' `timeout` does. */
  readonly timeoutMs?: number;
}

/** Starts a process and waits for it. Never throws for a process that fails. */
export type ProcessRunner = (program: string, argv: Argv, options: ProcessOptions) => Promise<ProcessResult>;

/** The end of long output is what says why something failed. */
const KEEP_BYTES = 8 * 1024 * 1024;

const OUTPUT = {
  capture: { stdout: 'pipe', stderr: 'pipe' },
  show: { stdout: 'inherit', stderr: 'inherit' },
  both: { stdout: ['inherit', 'pipe'], stderr: ['inherit', 'pipe'] },
} as const satisfies Record<ProcessOptions['output'], Options>;

/**
 * Runs processes for real. When this process is told to end (Ctrl-C, a cancelled CI job), the whole tree of
 * the running one is ended first, so that nothing goes on behind the user's back.
 */
export const runProcess: ProcessRunner = async (program, argv, options) => {
  const child = spawn(program, argv, options, {});
  const end = (signal: NodeJS.Signals): void => {
    const exit = (): void => process.exit(signal === 'SIGINT' ? 130 : 143);
    if (child.pid === undefined) exit();
    else treeKill(child.pid, signal, exit);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    return await finish(child, options);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
};

/**
 * For callers that answer Ctrl-C themselves, because they have something to take down first. The process gets
 * a group of its own, so that the terminal's signal does not reach it.
 */
export const runUndisturbed: ProcessRunner = (program, argv, options) =>
  finish(spawn(program, argv, options, { detached: process.platform !== 'win32' }), options);

function spawn(program: string, argv: Argv, options: ProcessOptions, more: Options) {
  return execa(program, [...argv], {
    ...OUTPUT[options.output],
    stdin: 'ignore',
    reject: false,
    ...(options.env ? { env: options.env } : {}),
    maxBuffer: KEEP_BYTES,
    stripFinalNewline: true,
    ...more,
  });
}

async function finish(
  child: ReturnType<typeof spawn>,
  { timeoutMs }: ProcessOptions,
): Promise<ProcessResult> {
  let late = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          if (child.pid !== undefined) treeKill(child.pid, 'SIGKILL');
        }, timeoutMs);
  const result = await child;
  clearTimeout(timer);
  return {
    exitCode: late ? 124 : (result.exitCode ?? (result.code === 'ENOENT' ? 127 : 1)),
    stdout: text(result.stdout),
    stderr: text(result.stderr) || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
  };
}

function text(output: unknown): string {
  return typeof output === 'string' ? output : '';
}
