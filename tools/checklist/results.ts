/** What the end-to-end tests found about IMAGE-CHECKLIST, gathered over all of their files. */

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Result } from './score';

/** One JSON document a line; `npm test` begins with none. */
const FILE = join(__dirname, '../../tmp/test-results/checklist.jsonl');

/** Writes a result down. One that is asked again (a test that is run once more) replaces it. */
export function recordRow(result: Result): void {
  mkdirSync(dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify(result)}\n`);
}

/** All results, the last of each row, property and image. */
export function recordedRows(): readonly Result[] {
  if (!existsSync(FILE)) return [];
  const lines = readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
  const results = lines.map((line) => JSON.parse(line) as Result);
  return [...new Map(results.map((result) => [keyOf(result), result])).values()];
}

function keyOf({ row, property, image }: Result): string {
  return JSON.stringify([row, property, image]);
}
