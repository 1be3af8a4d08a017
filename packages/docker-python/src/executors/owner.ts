import { hostname } from 'node:os';
import type { Containers } from '../engine/types';
import { OWNER_LABEL, staleContainers, type Owner } from '../smoke/stale';

/** This process, for the labels of what it starts. */
export function thisProcess(): Owner {
  return { host: hostname(), pid: process.pid, now: Date.now() / 1000, isAlive };
}

/** Takes down what an earlier run that was killed has left behind. */
export async function removeStale(engine: Containers, me: Owner): Promise<void> {
  await engine.removeAll(staleContainers(await engine.list(OWNER_LABEL), me));
}

/** Signal 0 only asks. Somebody else's process may not be asked, but it is there. Source: POSIX.1-2024, kill(). */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
