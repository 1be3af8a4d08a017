import { answers } from './answers';
import { ends } from './ends';
import { healthy } from './healthy';
import { notRoot } from './not-root';
import { staysUp } from './stays-up';
import { stops } from './stops';
import type { Check } from './types';

export type { Check, Outcome, Subject } from './types';

/**
 * What is checked on the one container that is started, in the order in which it can be known: first what the
 * image says, then what the process does, then how it ends. The first that fails decides.
 */
export const CHECKS: readonly Check[] = [notRoot, answers, staysUp, ends, healthy, stops];
