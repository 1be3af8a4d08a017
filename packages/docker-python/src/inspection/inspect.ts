import { PROPERTIES, type Property } from './properties';
import type { Survey } from './survey';

/** What an inspection says about one property. */
export interface Inspected {
  readonly id: string;
  readonly title: string;
  /** Absent if the property holds. */
  readonly problem?: string;
  readonly hint?: string;
}

/** Asks every property, in the order of the table. Pure. */
export function inspect(survey: Survey, properties: readonly Property[] = PROPERTIES): readonly Inspected[] {
  return properties.map(({ id, title, hint, check }) => {
    const problem = check(survey);
    return problem === undefined ? { id, title } : { id, title, problem, hint };
  });
}
