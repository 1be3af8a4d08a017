import { createHash } from 'node:crypto';
import type { ContainerSummary } from '../engine/types';

/** Labels of the containers that a smoke test or docker-run starts. */
export const OWNER_LABEL = 'dev.docker-python.owner';
const UNTIL_LABEL = 'dev.docker-python.until';
const PROJECT_LABEL = 'dev.docker-python.project';

/** Who asks: this process on this machine, now. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Seconds since the epoch. */
  readonly now: number;
  isAlive(pid: number): boolean;
}

/** A machine may be gone for good; then only time tells. */
const GRACE_SECONDS = 600;

/** @param seconds how long the container is needed at most; absent for as long as its owner lives */
export function ownerLabels(
  { host, pid, now }: Owner,
  project: string,
  seconds?: number,
): Record<string, string> {
  return {
    [OWNER_LABEL]: `${host}/${pid}`,
    [PROJECT_LABEL]: project,
    ...(seconds === undefined ? {} : { [UNTIL_LABEL]: String(Math.ceil(now + seconds + GRACE_SECONDS)) }),
  };
}

/**
 * Containers whose owner was killed (kill -9, a crash of the machine) before it could take them down. Those of
 * a process that still runs, here or on another machine that shares the engine, are left alone.
 */
export function staleContainers(found: readonly ContainerSummary[], me: Owner): readonly string[] {
  return found
    .filter(({ labels }) => {
      const [, host, pid] = /^(.*)\/(\d+)$/.exec(labels[OWNER_LABEL] ?? '') ?? [];
      if (host === undefined) return false;
      if (host === me.host) return Number(pid) !== me.pid && !me.isAlive(Number(pid));
      const until = Number(labels[UNTIL_LABEL]);
      return Number.isFinite(until) && until < me.now;
    })
    .map(({ id }) => id);
}

const SERVICES = 'docker-python-smoke';

/**
 * Name of the compose project with the services of one test of this process. Source: the Compose Specification, "name".
 *
 * @param project the one that is tested: a process may test several at a time
 */
export function servicesProject({ host, pid }: Pick<Owner, 'host' | 'pid'>, project: string): string {
  return `${SERVICES}-${short(host)}-${short(project)}-${pid}`;
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Compose projects of processes of this machine that were killed. Those of other machines are left alone. */
export function staleServices(projects: readonly string[], me: Owner): readonly string[] {
  return projects.filter((project) => {
    const [, host, digits] = /^docker-python-smoke-([0-9a-f]{12})-[0-9a-f]{12}-(\d+)$/.exec(project) ?? [];
    const pid = Number(digits);
    return host === short(me.host) && pid !== me.pid && !me.isAlive(pid);
  });
}
