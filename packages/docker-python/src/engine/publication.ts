import { isLoopback } from './distribution/address';

/** Where an engine publishes ports of containers, and how this process gets there. */
export interface Publication {
  /** Address on the machine of the engine. */
  readonly on: string;
  /** Host by which that address is reached from here. */
  readonly reachedAt: string;
}

/**
 * Ports are for this machine alone, so they are published on the loopback interface. That of an engine elsewhere, such as
 * the service beside a CI job, is not ours: there it is all interfaces, as for whatever else talks to that engine.
 * Source: the reference of the docker client, "Environment variables", for DOCKER_HOST.
 */
export function publicationOf(env: Readonly<Record<string, string | undefined>>): Publication {
  const [, host] = /^(?:tcp|https?):\/\/(\[[^\]]*\]|[^/:]+)/.exec(env['DOCKER_HOST'] ?? '') ?? [];
  return host === undefined || isLoopback(host)
    ? { on: '127.0.0.1', reachedAt: '127.0.0.1' }
    : { on: '0.0.0.0', reachedAt: host };
}
