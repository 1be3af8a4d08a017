import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuildkit } from '../../tools/buildkit/start-buildkit';
import { run } from '../../tools/shell';

/** A builder that is not the engine's, as buildx knows it. */
export interface RemoteBuilder {
  /** For whoever is to know it: what buildx keeps about builders. Nobody else on this machine does. */
  readonly env: { readonly BUILDX_CONFIG: string };
  /** Forgets all layers. */
  prune(): Promise<void>;
  stop(): Promise<void>;
}

/** A real buildkitd behind the driver `remote`. */
export async function startRemoteBuilder(name: string): Promise<RemoteBuilder> {
  const { address, stop } = await startBuildkit();
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-buildx-'));
  const env = { BUILDX_CONFIG: folder };
  const buildx = (...argv: string[]): Promise<string> => run('docker', ['buildx', ...argv], { env });
  await buildx('create', '--name', name, '--driver', 'remote', address);
  return {
    env,
    async prune() {
      await buildx('prune', '--builder', name, '--all', '--force');
    },
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
