import type { Subject } from './checks/types';

/** Often enough for whoever presses Ctrl-C. */
const LOOK_MS = 50;

/**
 * What goes on inside a container, given up once the user interrupts: Nx does not wait long for what it interrupts, and
 * the container has to be taken down.
 *
 * @throws when the user interrupts, or as the work does
 */
export async function unlessInterrupted<T>(work: Promise<T>, pause: Subject['pause']): Promise<T> {
  let done = false;
  const watched = work.finally(() => (done = true));
  while (!done) await Promise.race([watched, pause(LOOK_MS)]);
  return watched;
}
