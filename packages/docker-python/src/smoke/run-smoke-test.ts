import type { Container, Containers, ImageConfig, RunSpec } from '../engine/types';
import { applicationOutput } from './application-output';
import { CHECKS, type Check, type Outcome } from './checks';
import type { Judgement, SmokeSpec } from './types';

/** What one start of an image showed. */
export interface SmokeResult {
  /** Words of the checks that passed, in order. */
  readonly notes: readonly string[];
  /** Absent if all passed. */
  readonly judgement?: Judgement;
  /** The end of what the process printed, and its state, for a failure. */
  readonly logs: string;
  readonly state: string;
}

/** Enough to see a traceback, not so much that the cause scrolls away. */
const SHOWN_LINES = 40;

export interface SmokeQuestion {
  readonly engine: Containers;
  readonly reference: string;
  readonly image: ImageConfig;
  readonly spec: SmokeSpec;
  readonly labels: Readonly<Record<string, string>>;
  /** Rejects when the user interrupts. */
  readonly pause: (ms: number) => Promise<void>;
  readonly checks?: readonly Check[];
}

/** How the container of a smoke test is started. Pure. */
export function runSpecOf(
  reference: string,
  spec: SmokeSpec,
  labels: Readonly<Record<string, string>>,
): RunSpec {
  return {
    image: reference,
    command: spec.command,
    env: spec.env,
    labels,
    ports: spec.expectation.kind === 'server' ? [{ container: spec.expectation.port }] : [],
    ...(spec.user === undefined ? {} : { user: spec.user }),
    ...(spec.network === undefined ? {} : { network: spec.network }),
    ...(spec.memory === undefined ? {} : { memory: spec.memory }),
    hardening: spec.hardening,
    tmpfs: spec.tmpfs,
    healthCheck: 'none',
    stopTimeoutSeconds: spec.stopSeconds,
  };
}

/** Starts the image once, asks all checks that apply, and takes the container down whatever happens. */
export async function runSmokeTest(question: SmokeQuestion): Promise<SmokeResult> {
  const { engine, reference, image, spec, labels, pause, checks = CHECKS } = question;
  const container = await engine.run(runSpecOf(reference, spec, labels));
  try {
    const notes: string[] = [];
    for (const check of checks.filter((candidate) => candidate.applies({ spec, image }))) {
      const outcome: Outcome = await check.run({ spec, image, container, pause });
      if ('judgement' in outcome)
        return { notes, judgement: outcome.judgement, ...(await lastWords(container)) };
      notes.push(outcome.note);
    }
    return { notes, logs: '', state: '' };
  } finally {
    await container.remove();
  }
}

async function lastWords(container: Container): Promise<Pick<SmokeResult, 'logs' | 'state'>> {
  const { running, exitCode, oomKilled, error } = await container.state();
  const parts = [
    running ? 'running' : `exited with code ${exitCode}`,
    ...(oomKilled ? ['out of memory'] : []),
    ...(error === '' ? [] : [error]),
  ];
  const lines = applicationOutput(await container.logs())
    .trimEnd()
    .split('\n');
  return { logs: lines.slice(-SHOWN_LINES).join('\n'), state: parts.join(', ') };
}
