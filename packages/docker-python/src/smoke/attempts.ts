import type { SampleValue } from './env-samples';
import { runSmokeTest, type SmokeQuestion, type SmokeResult } from './run-smoke-test';

/** A smoke test and what it took. */
export interface Attempt {
  readonly result: SmokeResult;
  /** Sample values that were given to the process; empty if it was started with its own alone. */
  readonly samples: readonly SampleValue[];
}

/**
 * Starts the image as it is; if it asks for configuration and the project has sample values, once more with them.
 * What the user has set is never replaced by a sample.
 */
export async function smokeTest(question: SmokeQuestion, samples: readonly SampleValue[]): Promise<Attempt> {
  const first = await runSmokeTest(question);
  const usable = samples.filter(({ name }) => !(name in question.spec.env));
  if (first.judgement?.verdict !== 'needs-configuration' || usable.length === 0)
    return { result: first, samples: [] };
  const env = { ...Object.fromEntries(usable.map(({ name, value }) => [name, value])), ...question.spec.env };
  const result = await runSmokeTest({ ...question, spec: { ...question.spec, env } });
  return { result, samples: usable };
}
