import type { Readable } from 'node:stream';
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
 * Runs processes for real. When this process is told to end (Ctrl-C, a cancelled CI job), the whole tree of
 * the running one is ended first, so that nothing goes on behind the user's back.
 */
export const runProcess: ProcessRunner = async (program, argv, options) => {
  const child = execa(program, [...argv], {
    ...OUTPUT[options.output],
    stdin: 'ignore',
    reject: false,
    ...(options.env ? { env: options.env } : {}),
    // Where execa keeps the output itself, it keeps the beginning and ends a process that says more.
    buffer: false,
  });
  const limit = options.output === 'capture' ? Infinity : KEEP_BYTES;
  const [stdout, stderr] = [lastBytes(child.stdout, limit), lastBytes(child.stderr, limit)];
  const end = (signal: NodeJS.Signals): void => {
    const exit = (): void => process.exit(signal === 'SIGINT' ? 130 : 143);
    if (child.pid === undefined) exit();
    else treeKill(child.pid, signal, exit);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    const result = await child;
    return {
      exitCode: result.exitCode ?? (result.code === 'ENOENT' ? 127 : 1),
      stdout: stdout(),
      stderr: stderr() || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
    };
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
};

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
