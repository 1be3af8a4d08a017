import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { PushRecord } from '../../record/push-record';
import type { Environment } from '../../reference/ci-systems';
import { ciOutputs } from '../../shipping/ci-output';
import { note } from '../registry-engine';

/** Tells the CI system what was pushed. The push has happened: a file that cannot be written does not make it fail. */
export function reportToCi(record: PushRecord, workspaceRoot: string, env: Environment): void {
  for (const { path, text } of ciOutputs(record, env)) {
    const file = resolve(workspaceRoot, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      // One write for each task: lines of tasks that end together do not mix.
      appendFileSync(file, text);
    } catch (error) {
      note(`${file} cannot be written: ${(error as Error).message}`);
    }
  }
}
