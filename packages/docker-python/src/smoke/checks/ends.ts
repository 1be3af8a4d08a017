import type { Expectation } from '../types';
import { judge } from '../verdict';
import { broken, secondsSince, type Check } from './types';

type Job = Extract<Expectation, { kind: 'job' }>;

const POLL_MS = 100;

/** A job ends by itself, with the exit code that means success. */
export const ends: Check = {
  name: 'ends',
  applies: ({ spec }) => spec.expectation.kind === 'job',
  async run({ spec, container, pause }) {
    const { exitCode } = spec.expectation as Job;
    const began = performance.now();
    let state = await container.state();
    while (state.running && performance.now() - began < spec.timeoutMs) {
      await pause(POLL_MS);
      state = await container.state();
    }
    if (state.running) {
      return broken(
        `The job has not ended after ${secondsSince(began)}.`,
        'Raise "smokeTest": { "timeout": "2m" }; if it is meant to stay up, set "stayUp": "5s" instead.',
      );
    }
    if (state.exitCode === exitCode)
      return { note: `ended with exit code ${exitCode} after ${secondsSince(began)}` };
    return {
      judgement: judge({ logs: await container.logs(), state, expected: 'It should have ended well' }),
    };
  },
};
