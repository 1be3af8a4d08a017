import { DJANGO } from './django';
import { LAYOUTS } from './layouts';
import { PROGRAMS } from './programs';
import { QUOTED } from './quoted';
import type { Described } from './types';
import { WEB } from './web';

/** Described projects, after the kinds that IN-THE-WILD counts. */
export const CORPUS: readonly Described[] = [...WEB, ...DJANGO, ...QUOTED, ...PROGRAMS, ...LAYOUTS];

export type { Described, Expected } from './types';
