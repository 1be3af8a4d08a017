import type { Survey } from '../survey';

/** One property that an image for production has. */
export interface Property {
  readonly id: string;
  /** What holds if all is well. */
  readonly title: string;
  /** What to do if it does not hold, in an image that anybody has made. */
  readonly hint: string;
  /** @returns what is wrong, or undefined if the property holds */
  check(survey: Survey): string | undefined;
}

/** A list of examples as one phrase; nothing for an empty list. */
export function some(examples: readonly (string | number)[], words = ''): string | undefined {
  return examples.length === 0 ? undefined : `${words}${examples.join(', ')}`;
}
