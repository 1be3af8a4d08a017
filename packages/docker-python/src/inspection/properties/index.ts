import { BYTECODE } from './bytecode';
import { CONTENT } from './content';
import { LABELS } from './labels';
import { RUNNING } from './running';
import { SECURITY } from './security';
import type { Property } from './types';

export type { Property } from './types';

/** Everything that can be told without starting the application; what is gravest comes first. */
export const PROPERTIES: readonly Property[] = [...SECURITY, ...RUNNING, ...CONTENT, ...BYTECODE, ...LABELS];
