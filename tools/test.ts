/** `npm test`: everything, from a fresh clone: engine, base images, checks, unit tests, end-to-end tests. */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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
  /** One line for each test that failed, or needed a second attempt. */
  readonly remarks: readonly string[];
}

/** What is read of the report that `jest --json` writes. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    /** What went wrong outside of its tests, among other things. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly invocations?: number;
      readonly failureMessages: readonly string[];
    }[];
  }[];
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
  for (const { remarks } of counts) remarks.forEach(say);
  for (const failure of failures) say(failure instanceof Error ? failure.message : String(failure));
  const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
    counts.reduce((total, count) => total + count[key], 0);
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
    const report = JSON.parse(readFileSync(resultOf(title), 'utf8')) as Report;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests,
      remarks: remarksOn(report),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, remarks: [] };
  }
}

/** What somebody who sees only the end of a log has to know. */
function remarksOn({ testResults }: Report): readonly string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    if (assertionResults.length === 0) return [`FAILED ${file}: ${brief(message)}`];
    return assertionResults.flatMap(({ fullName, status, invocations = 1, failureMessages }) => {
      if (status === 'failed') return [`FAILED ${file}: ${fullName}: ${brief(failureMessages.join(' '))}`];
      return invocations > 1 ? [`Passed at attempt ${invocations}: ${file}: ${fullName}`] : [];
    });
  });
}

function brief(message: string): string {
  return stripVTControlCharacters(message).replaceAll(/\s+/g, ' ').trim().slice(0, 400);
}

function resultOf(title: string): string {
  return join(results, `${title.replaceAll(' ', '-')}.json`);
}
