import { DockerPythonError } from '../errors';

/** Ctrl-C and what CI systems send, as something that work can wait for and then clean up after. */
export interface Interruption {
  /** @throws DockerPythonError SMOKE_INTERRUPTED as soon as the user interrupts */
  pause(ms: number): Promise<void>;
  /** Resolves when the user interrupts. */
  readonly happened: Promise<void>;
}

/** The last one: the process that asked for this one is gone. Nx 22 ends without a word to its workers. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;

/**
 * Runs work that takes something down when it ends. A signal does not end the process but the work, so that its
 * `finally` blocks run. Pressing Ctrl-C again changes nothing: taking down takes a second.
 */
export async function interruptible<T>(work: (interruption: Interruption) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  for (const signal of ENDINGS) process.on(signal, interrupt);
  const happened = new Promise<void>((resolve) =>
    controller.signal.addEventListener('abort', () => resolve()),
  );
  try {
    return await work({ happened, pause: (ms) => pause(ms, controller.signal) });
  } finally {
    for (const signal of ENDINGS) process.off(signal, interrupt);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(interrupted());
    };
    if (signal.aborted) {
      reject(interrupted());
      return;
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

function interrupted(): DockerPythonError {
  return new DockerPythonError({
    code: 'SMOKE_INTERRUPTED',
    message: 'Interrupted. The container has been taken down.',
    hint: 'Run it again when you like; nothing was left behind.',
  });
}
