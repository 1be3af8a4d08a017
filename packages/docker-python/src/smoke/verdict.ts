import type { ContainerState } from '../engine/types';
import { applicationOutput } from './application-output';
import type { Listener } from './listeners';
import type { Judgement } from './types';
import { OUTPUT_RULES } from './verdict-rules';

/** What is known about a process that did not do what it should. */
export interface Evidence {
  readonly logs: string;
  readonly state: ContainerState;
  /** The port that it should serve. */
  readonly port?: number;
  readonly listeners?: readonly Listener[];
  /** What did not happen: `it does not answer on port 8000 within 30 s`. */
  readonly expected: string;
}

/** Exit code of a process that a signal ended: 128 and the number of the signal. */
const [SIGKILLED, SIGSEGV] = [137, 139];

/**
 * Whose fault is it? The engine's own words come first, then what the process printed last, then what can be
 * seen from outside. Pure.
 */
export function judge(evidence: Evidence): Judgement {
  return explained(evidence) ?? fromListeners(evidence) ?? unexplained(evidence);
}

/** What the engine or the process itself says about the cause; undefined where neither says anything. Pure. */
export function explained(evidence: Pick<Evidence, 'state' | 'logs'>): Judgement | undefined {
  return fromState(evidence) ?? fromOutput(evidence.logs);
}

function fromState({ state, logs }: Pick<Evidence, 'state' | 'logs'>): Judgement | undefined {
  if (state.oomKilled || (!state.running && state.exitCode === SIGKILLED)) {
    return broken(
      'It was killed because it ran out of memory.',
      'Give the container more memory, or fewer workers: WEB_CONCURRENCY.',
    );
  }
  const fatal = /^Fatal Python error: (.+)$/m.exec(logs)?.[1];
  if (fatal !== undefined || (!state.running && state.exitCode === SIGSEGV)) {
    return broken(
      `It crashed: ${fatal ?? 'segmentation fault'}.`,
      'The traceback above names the line that called into native code. Check the versions of that package and of Python.',
    );
  }
  return state.error === ''
    ? undefined
    : (fromOutput(state.error) ?? broken(`It could not be started: ${state.error}`, COMMAND));
}

const COMMAND = 'Check "command" and "processes" in docker-python.json.';

/**
 * The last traceback decides, its last line first; without one, all output. What comes before the last
 * traceback was survived.
 */
export function fromOutput(logs: string): Judgement | undefined {
  const lines = applicationOutput(logs).split('\n');
  const traceback = lastTraceback(lines);
  for (let i = lines.length - 1; i >= Math.max(traceback, 0); i--) {
    for (const { pattern, verdict, cause, hint } of OUTPUT_RULES) {
      const match = pattern.exec(lines[i]!);
      if (match)
        return { verdict, cause: cause(match, lines.slice(0, i)), hint: hint(match, lines.slice(0, i)) };
    }
  }
  const error =
    traceback === -1
      ? undefined
      : lines.slice(traceback).findLast((line) => /^[\w.]+(Error|Exception|Exit|Failure)\b/.test(line));
  if (error === undefined) return undefined;
  return broken(
    `Its code fails: ${withFullStop(error.slice(0, 200))}`,
    'The traceback above names file and line.',
  );
}

/** Chained tracebacks are one: the cause comes first, what was made of it last. */
function lastTraceback(lines: readonly string[]): number {
  let start = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  for (;;) {
    const chained = lines
      .slice(0, Math.max(start, 0))
      .findLastIndex((line) => /^(During handling of|The above exception was)/.test(line));
    const before = lines
      .slice(0, Math.max(chained, 0))
      .findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
    if (chained === -1 || before === -1 || start - chained > 3) return start;
    start = before;
  }
}

function fromListeners({ state, port, listeners = [] }: Evidence): Judgement | undefined {
  if (!state.running || port === undefined) return undefined;
  const here = listeners.filter((listener) => listener.port === port);
  if (here.length > 0 && here.every(({ loopback }) => loopback)) {
    return broken(
      `It listens on 127.0.0.1:${port} only, where nothing outside of the container reaches it.`,
      'Make it listen on 0.0.0.0: --host 0.0.0.0, --bind 0.0.0.0:$PORT or what its server calls it.',
    );
  }
  const [other] = listeners.filter((listener) => listener.port !== port && !listener.loopback);
  if (here.length > 0 || !other) return undefined;
  return broken(
    `It listens on port ${other.port}, not on ${port}.`,
    `Set "port": ${other.port} in docker-python.json, or make it listen on $PORT.`,
  );
}

function unexplained({ state, expected, port, listeners = [] }: Evidence): Judgement {
  if (state.running && listeners.some((listener) => listener.port === port)) {
    return broken(
      `${expected}, although it listens there.`,
      'If it needs longer, raise "smokeTest": { "timeout": "60s" }; if it does not speak HTTP, test it with a script, docker/smoke-test.sh.',
    );
  }
  if (state.running) {
    return broken(
      `${expected}; it runs, but nothing listens.`,
      'If it needs longer, raise "smokeTest": { "timeout": "60s" }; if it serves another port, set "port"; if it serves none, set "port": null in "processes".',
    );
  }
  return state.exitCode === 0
    ? broken(`It ended at once with exit code 0, as if there were nothing to do.`, COMMAND)
    : broken(`It ended with exit code ${state.exitCode}.`, `Its last lines are above. ${COMMAND}`);
}

/** As a sentence, whether or not it has been one. */
export function withFullStop(text: string): string {
  return `${text.trim().replace(/\.+$/, '')}.`;
}

function broken(cause: string, hint: string): Judgement {
  return { verdict: 'broken-image', cause, hint };
}
