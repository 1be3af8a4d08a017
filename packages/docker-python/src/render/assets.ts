import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of a file that is shipped beside this module: a program of the build or a template. */
export function readAsset(...path: string[]): string {
  return readFileSync(join(__dirname, ...path), 'utf8');
}
