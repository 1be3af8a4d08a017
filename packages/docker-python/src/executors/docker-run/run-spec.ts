import type { RunSpec } from '../../engine/types';
import type { PlannedProcess } from '../../plan/processes';

export interface RunQuestion {
  readonly reference: string;
  readonly process: PlannedProcess;
  readonly all: readonly PlannedProcess[];
  readonly writable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Port on this machine, if not that of the process. */
  readonly hostPort?: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * How an image runs on a developer's machine: hardened as in production, so that nothing works here that fails
 * there; its port is that of the process.
 */
export function runSpecOf({
  reference,
  process,
  all,
  writable,
  env,
  hostPort,
  labels,
}: RunQuestion): RunSpec {
  const { port } = process;
  return {
    image: reference,
    command: process === all[0] ? [] : [process.launcher],
    env,
    labels,
    ports: port === undefined ? [] : [{ container: port, host: hostPort ?? port }],
    hardening: { readOnlyRoot: true, dropCapabilities: true, noNewPrivileges: true },
    tmpfs: ['/tmp', ...writable],
  };
}
