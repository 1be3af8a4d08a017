import { judge } from '../verdict';
import { secondsSince, type Check, type Outcome, type Subject } from './types';

const POLL_MS = 250;

/** A worker stays up. A program of which nobody says whether it ends may also end well. */
export const staysUp: Check = {
  name: 'stays up',
  applies: ({ spec }) => spec.expectation.kind === 'worker' || spec.expectation.kind === 'program',
  async run(subject) {
    const { spec, container, pause } = subject;
    const { stayUpMs } = spec.expectation as { stayUpMs: number };
    const began = performance.now();
    while (performance.now() - began < stayUpMs) {
      await pause(Math.min(POLL_MS, stayUpMs));
      const state = await container.state();
      if (!state.running) return ended(subject, state.exitCode, secondsSince(began));
    }
    return { note: `stays up (${secondsSince(began)})` };
  },
};

async function ended({ spec, container }: Subject, exitCode: number, after: string): Promise<Outcome> {
  if (exitCode === 0 && spec.expectation.kind === 'program') {
    return { note: `ended with exit code 0 after ${after}, taken for a job that is done` };
  }
  const judgement = judge({
    logs: await container.logs(),
    state: await container.state(),
    expected: 'It did not stay up',
  });
  return { judgement: { ...judgement, cause: `It did not stay up (${after}). ${judgement.cause}` } };
}
