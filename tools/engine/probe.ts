/** Is there a usable engine? */

import { attempt } from '../shell';

/** What was found, and what the docker client said where it failed. Versions only where they answered. */
export interface EngineState {
  readonly server?: string;
  readonly buildx?: string;
  readonly hasClient: boolean;
  readonly message: string;
}

/**
 * Asks for the server and for buildx. A `docker` on PATH proves neither: it may be a lone client.
 * Never throws.
 */
export async function probeEngine(): Promise<EngineState> {
  const [server, buildx] = await Promise.all([
    attempt('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000 }),
    attempt('docker', ['buildx', 'version'], { timeoutMs: 10_000 }),
  ]);
  // "github.com/docker/buildx v0.29.1 1234abc" of upstream, without the v in Debian's.
  const version = /buildx v?(\d\S*)/.exec(buildx.stdout)?.[1];
  return {
    ...(server.ok ? { server: server.stdout.trim() } : {}),
    ...(buildx.ok && version !== undefined ? { buildx: version } : {}),
    hasClient: !server.output.includes('ENOENT'),
    message: [server, buildx]
      .filter((result) => !result.ok)
      .map((result) => result.output)
      .join('\n'),
  };
}
