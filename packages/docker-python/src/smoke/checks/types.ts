import type { Container, ImageConfig } from '../../engine/types';
import type { Judgement, SmokeSpec } from '../types';

/** A started container and what it is measured against. */
export interface Subject {
  readonly spec: SmokeSpec;
  readonly image: ImageConfig;
  readonly container: Container;
  /** @throws when the user interrupts */
  pause(ms: number): Promise<void>;
}

/** What a check found: words for the summary, or why the test has failed. */
export type Outcome = { readonly note: string } | { readonly judgement: Judgement };

/** One property that an image for production has. */
export interface Check {
  readonly name: string;
  applies(subject: Pick<Subject, 'spec' | 'image'>): boolean;
  run(subject: Subject): Promise<Outcome>;
}

/** Seconds with one decimal. */
export function secondsSince(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

export function broken(cause: string, hint: string): Outcome {
  return { judgement: { verdict: 'broken-image', cause, hint } };
}
