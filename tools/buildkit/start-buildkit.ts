/** A builder that is not the engine's own: see startBuildkit. */

import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../workspace/server';
import { findBuildkitd } from './binary';

/** A buildkitd that serves. */
export interface RunningBuildkit {
  /** What `docker buildx create --driver remote` takes. */
  readonly address: string;
  /** Ends it and removes all that it has kept. */
  stop(): Promise<void>;
}

/**
 * Starts a buildkitd with an empty store of its own on a socket of its own, which knows nothing of the engine's images.
 * It reaches registries on loopback addresses without TLS. It ends with this process at the latest. Throws a ToolError.
 */
export async function startBuildkit(): Promise<RunningBuildkit> {
  const program = await findBuildkitd();
  const folder = await mkdtemp(join(tmpdir(), 'buildkit-'));
  await mkdir(join(folder, 'tmp'));
  const address = `unix://${join(folder, 'buildkitd.sock')}`;
  const { stop } = await startServer({
    title: 'buildkitd',
    program,
    argv: [
      ...['--addr', address, '--root', join(folder, 'root')],
      // Not the engine's containerd, which may be on its usual socket.
      '--containerd-worker=false',
      '--oci-worker-net=host',
    ],
    folder,
    ready: /running server on \S+/,
    env: {
      // It starts runc, which lies in sbin; npm leaves that out.
      PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
      // It leaves empty mount points behind, which go with the folder.
      TMPDIR: join(folder, 'tmp'),
    },
  });
  return { address, stop };
}
