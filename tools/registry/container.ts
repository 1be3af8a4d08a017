/** A registry as a container, where its program is not to be had. */

import { run, ToolError } from '../shell';
import type { RegistryOptions, RunningRegistry } from './start-registry';

const IMAGE = 'registry:2';

/** Starts the image in the engine, pulling it if need be. Throws a ToolError. */
export async function startContainer(options: RegistryOptions): Promise<RunningRegistry> {
  if (options.htpasswd !== undefined || options.storage !== undefined) {
    throw new ToolError('A registry with a password or a storage folder needs the program docker-registry.');
  }
  const publish = `127.0.0.1:${options.port ?? ''}:5000`;
  const argv = ['--detach', '--rm', '--publish', publish, '--env', 'REGISTRY_STORAGE_DELETE_ENABLED=true'];
  const id = (await run('docker', ['run', ...argv, IMAGE])).trim();
  const stop = async (): Promise<void> => {
    await run('docker', ['rm', '--force', '--volumes', id]);
  };
  const port = /:(\d+)\s*$/.exec(await run('docker', ['port', id, '5000/tcp']))?.[1];
  if (port === undefined) {
    await stop();
    throw new ToolError(`The engine does not say at which port ${IMAGE} answers.`);
  }
  return { host: `localhost:${port}`, stop };
}
