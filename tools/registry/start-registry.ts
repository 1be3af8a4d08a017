/** A real OCI registry on this machine, for tests and the demo: see startRegistry. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../shell';
import { findRegistryBinary } from './binary';
import { startContainer } from './container';
import { startProcess } from './process';

const ANSWERS_WITHIN_MS = 15_000;

/** What a caller may choose; nothing has to be. */
export interface RegistryOptions {
  /** A port on loopback; any free one by default. */
  readonly port?: number;
  /** A folder that keeps the content after stop(); a temporary one by default. */
  readonly storage?: string;
  /** Lines `user:bcrypt-hash` as of htpasswd(1). With them every request needs a login. */
  readonly htpasswd?: string;
}

/** A registry that answers. `host` is what image names begin with: `localhost:PORT`. */
export interface RunningRegistry {
  readonly host: string;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

/**
 * Starts an empty registry on a loopback address, without TLS: engines allow that for loopback.
 * Deleting is enabled. It ends with this process at the latest. Throws a ToolError.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const program = await findRegistryBinary();
  const registry =
    program === undefined ? await startContainer(options) : await startProcess(program, options);
  try {
    await waitForAnswer(registry.host);
    return registry;
  } catch (error) {
    await registry.stop();
    throw error;
  }
}

/** Any answer will do: with a password it is 401. */
async function waitForAnswer(host: string): Promise<void> {
  const deadline = performance.now() + ANSWERS_WITHIN_MS;
  for (;;) {
    try {
      const response = await fetch(`http://${host.replace('localhost', '127.0.0.1')}/v2/`);
      if (response.status === 200 || response.status === 401) return;
    } catch {
      // Not listening yet.
    }
    if (performance.now() > deadline) throw new ToolError(`The registry at ${host} does not answer.`);
    await sleep(50);
  }
}
