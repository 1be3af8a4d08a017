import type { Survey } from '../../../packages/docker-python/src/inspection/survey';
import type { CommandResult } from '../../../tools/shell';
import type { Observation } from './observe';

/** An image that is asked. Each answer is got once, when the first check wants it. */
export interface Subject {
  readonly image: string;
  /** What is in it, by the program that `nx diagnose --image` runs. */
  survey(): Promise<Survey>;
  /** How it runs, hardened. */
  observe(): Promise<Observation>;
  /** Distributions that only its developers need. */
  readonly development: readonly string[];
  /** What it prints when it is told to run a program that reports its Python and its distributions on stdout and then crashes. */
  crash(): Promise<Pick<CommandResult, 'stdout' | 'stderr'>>;
}

/** One row of the checklist: it looks at an image and says what is wrong. */
export interface ImageCheck {
  /** Number of the row; some rows have several checks. */
  readonly row: number;
  readonly property: string;
  /** A Dockerfile step that spoils exactly this in an image that is fine. */
  readonly spoil: string;
  /** @returns why the row does not apply to this image; undefined if it does */
  exempt?(subject: Subject): Promise<string | undefined>;
  /** @returns what is wrong, empty if nothing is */
  run(subject: Subject): Promise<string>;
}
