import { attempt, run } from '../../tools/shell';
import { firstAnswer, request, type Answer } from '../../tools/workspace/http';

export { manifestOf } from '../../tools/workspace/layers';

/** What `docker` prints, which must have succeeded. */
export async function docker(...argv: string[]): Promise<string> {
  return (await run('docker', argv)).trim();
}

/** A container of a test: answers requests and goes away at the end. */
export interface RunningContainer {
  readonly id: string;
  get(path: string): Promise<Answer>;
  logs(): Promise<string>;
  remove(): Promise<void>;
}

/** Starts an image with one port on loopback and waits until it answers. */
export async function startContainer(image: string, port: number): Promise<RunningContainer> {
  const id = await docker(
    'run',
    '--detach',
    '--label=docker-python.test=1',
    `--publish=127.0.0.1::${port}`,
    image,
  );
  const address = (await docker('port', id, `${port}/tcp`)).split('\n')[0]!;
  const logs = async (): Promise<string> => (await attempt('docker', ['logs', id])).output;
  const container: RunningContainer = {
    id,
    logs,
    get: (path) => request(`http://${address}${path}`),
    async remove() {
      await attempt('docker', ['rm', '--force', '--volumes', id]);
    },
  };
  try {
    await firstAnswer(`http://${address}/`);
    return container;
  } catch {
    const said = await logs();
    await container.remove();
    throw new Error(`${image} does not answer on port ${port}:\n${said}`);
  }
}

/** Removes images by reference, if they are there. */
export async function removeImages(...repositories: string[]): Promise<void> {
  for (const repository of repositories) {
    const ids = (await docker('images', '--quiet', repository)).split('\n').filter(Boolean);
    if (ids.length > 0) await attempt('docker', ['rmi', '--force', ...new Set(ids)]);
  }
}
