import { BYTECODE } from './bytecode';
import { CONTENT } from './content';
import { RUNNING } from './running';
import { SECURITY } from './security';
import type { ImageCheck } from './types';

export { subject } from './subject';
export type { ImageCheck, Subject } from './types';

/**
 * The rows of IMAGE-CHECKLIST that an image itself answers, in the order of the list. Rows about builds (caching,
 * reproducibility, locks) are measured where builds are.
 */
export const IMAGE_CHECKS: readonly ImageCheck[] = [...CONTENT, ...BYTECODE, ...RUNNING, ...SECURITY].sort(
  (a, b) => a.row - b.row,
);
