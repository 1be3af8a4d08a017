/** What the bootstrap tools share: running a command, reporting progress, ending with a clear message. */

import { spawn } from 'node:child_process';

/** How often a long step says that it is still at work. */
const HEARTBEAT_MS = 15_000;
const TAIL_LINES = 25;

/** A failure whose message is all that its reader needs: it is printed without a stack. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** What a command left behind. `output` is stdout and stderr as they were read: two pipes keep no order between them. */
export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

/** The few options of a command that these tools need. */
export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs a command and reports how it went. Never throws: a program that is missing, times out or
 * exits with an error gives `ok: false`, with the reason in `output`.
 * On node's own spawn: execa 9 cannot be loaded through tsx or jest in a CommonJS workspace.
 */
export async function attempt(
  file: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(file, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
  });
  let stdout = '';
  let stderr = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    output += chunk;
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ ok: false, stdout, stderr, output: `${output}${error.message}` });
    });
    child.once('close', (code, signal) => {
      const ending = signal === null ? '' : `${file} was ended by ${signal}`;
      resolve({ ok: code === 0, stdout, stderr, output: `${output}${ending}` });
    });
  });
}

/**
 * Runs a command that has to succeed and returns its stdout.
 * Throws a ToolError with the command and the end of its output otherwise.
 */
export async function run(
  file: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await attempt(file, argv, options);
  if (!result.ok) {
    throw new ToolError(`\`${[file, ...argv].join(' ')}\` failed:\n${tail(result.output)}`);
  }
  return result.stdout;
}

/** The last lines of a text, indented, for the end of an error message. */
export function tail(output: string, lines = TAIL_LINES): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Prints one line of progress. */
export function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

/**
 * Does a piece of work under a title: says when it starts, every 15 seconds that it goes on, and
 * how long it took. Passes on its result, or its error.
 */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(1);
  say(`- ${title} ...`);
  const heartbeat = setInterval(() => {
    say(`  still at it: ${title} (${seconds()} s)`);
  }, HEARTBEAT_MS);
  try {
    const result = await work();
    say(`  done: ${title} (${seconds()} s)`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/** The body of a command line tool: prints a ToolError as its message alone, and sets exit code 1. */
export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof ToolError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * Runs a command whose output belongs to the reader as it comes.
 * Throws a ToolError that only names the command, since everything else has been said.
 */
export async function show(
  file: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<void> {
  const child = spawn(file, argv, {
    stdio: 'inherit',
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
  const ending = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : (signal ?? `exit code ${code}`)));
  });
  if (ending !== '') throw new ToolError(`\`${[file, ...argv].join(' ')}\` failed: ${ending}`);
}
