/** `npm test`: everything, from a fresh clone: engine, base images, checks, unit tests, end-to-end tests. */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBaseImages } from './base-images/ensure-base-images';
import { checkSources } from './check';
import { recordedRows } from './checklist/results';
import { scoreTable } from './checklist/score';
import { ensureEngine } from './engine/ensure-engine';
import { main, say, show, step } from './shell';

const root = join(__dirname, '..');
const results = join(root, 'tmp/test-results');

/** What a suite of jest counted. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

void main(async () => {
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => failures.push(error));
  };
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  await ensureEngine();
  await ensureBaseImages();
  await attempt(checkSources);
  const counts: Counts[] = [];
  for (const [title, config] of Object.entries({ unit: 'packages/docker-python', 'end to end': 'e2e' })) {
    await attempt(() => step(title, () => jest(title, config)));
    counts.push(countsOf(title));
  }
  process.stdout.write(scoreTable(recordedRows()));
  for (const failure of failures) say(failure instanceof Error ? failure.message : String(failure));
  const sum = (key: keyof Counts): number => counts.reduce((total, count) => total + count[key], 0);
  // A check that failed is a failure that no jest suite has counted.
  const uncounted = failures.length > 0 && sum('failed') === 0 ? 1 : 0;
  say(`${sum('passed')} passed, ${sum('failed') + uncounted} failed, ${sum('skipped')} skipped`);
  if (failures.length > 0) process.exitCode = 1;
});

function jest(title: string, config: string): Promise<void> {
  const argv = ['-c', `${config}/jest.config.cjs`, '--json', '--outputFile', resultOf(title)];
  // The JSON goes to the file; what jest prints for people goes to stderr.
  return show(join(root, 'node_modules/.bin/jest'), argv, { cwd: root });
}

function countsOf(title: string): Counts {
  try {
    const report = JSON.parse(readFileSync(resultOf(title), 'utf8')) as Record<string, number>;
    return {
      passed: report['numPassedTests']!,
      failed: report['numFailedTests']! + report['numRuntimeErrorTestSuites']!,
      skipped: report['numPendingTests']! + report['numTodoTests']!,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function resultOf(title: string): string {
  return join(results, `${title.replaceAll(' ', '-')}.json`);
}
