import type { HealthTiming } from '../plan/health';
import type { PlannedProcess } from '../plan/processes';
import { readAsset } from './assets';

/** Where the health check lies in the image, beside the table that it reads. */
export const HEALTH = '/opt/docker-python/health.py';
export const PROCESS_TABLE = '/opt/docker-python/processes.json';

/**
 * The HEALTHCHECK instruction. Python without site-packages (`-S`) and without the environment's say (`-I`)
 * starts in a few milliseconds and cannot be broken by the application. No `--start-interval`: engines
 * before 25 do not know it.
 */
export function renderHealthCheck({ interval, timeout, startPeriod }: HealthTiming): string {
  return [
    `HEALTHCHECK --interval=${interval}s --timeout=${timeout}s --start-period=${startPeriod}s --retries=3 \\`,
    `  CMD ${JSON.stringify(['python', '-I', '-S', HEALTH])}`,
  ].join('\n');
}

/** The program of the health check. */
export function healthProgram(): string {
  return readAsset('scripts', 'health.py').trimEnd();
}

/** What that program reads: name of a process -> its probe and how long that waits, null where it has none. */
export function processTable(processes: readonly PlannedProcess[]): string {
  return JSON.stringify(
    Object.fromEntries(
      processes.map(({ name, health, patience }) => [
        name,
        health === undefined ? null : { ...health, patience },
      ]),
    ),
    null,
    2,
  );
}
