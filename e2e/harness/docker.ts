import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from '../../tools/shell';

/** One layer of an image as a registry would hold it. */
export interface Layer {
  readonly digest: string;
  /** Compressed bytes. */
  readonly size: number;
}

/** What `docker` prints, which must have succeeded. */
export async function docker(...argv: string[]): Promise<string> {
  return (await run('docker', argv)).trim();
}

/** Manifest digest and compressed layers of an image, read from what `docker save` writes. Source: OCI image layout. */
export async function manifestOf(image: string): Promise<{ digest: string; layers: readonly Layer[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-save-'));
  try {
    await run('docker', ['save', '--output', join(folder, 'image.tar'), image]);
    await run('tar', ['-xf', join(folder, 'image.tar'), '-C', folder]);
    const blob = (digest: string): never => JSON.parse(readFileSync(join(folder, 'blobs', digest.replace(':', '/')), 'utf8')) as never;
    type Index = { manifests: { digest: string }[]; layers?: Layer[] };
    let digest = (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index).manifests[0]!.digest;
    let manifest: Index = blob(digest);
    while (!manifest.layers) {
      digest = manifest.manifests[0]!.digest;
      manifest = blob(digest);
    }
    return { digest, layers: manifest.layers.map(({ digest: id, size }) => ({ digest: id, size })) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A container of a test: answers requests and goes away at the end. */
export interface RunningContainer {
  readonly id: string;
  get(path: string): Promise<{ status: number; body: string }>;
  logs(): Promise<string>;
  remove(): Promise<void>;
}

/** Starts an image with one port on loopback and waits until it answers. */
export async function startContainer(image: string, port: number): Promise<RunningContainer> {
  const id = await docker('run', '--detach', '--label=docker-python.test=1', `--publish=127.0.0.1::${port}`, image);
  const address = (await docker('port', id, `${port}/tcp`)).split('\n')[0]!;
  const logs = async (): Promise<string> => (await attempt('docker', ['logs', id])).output;
  const container: RunningContainer = {
    id,
    logs,
    async get(path) {
      const response = await fetch(`http://${address}${path}`);
      return { status: response.status, body: await response.text() };
    },
    async remove() {
      await attempt('docker', ['rm', '--force', '--volumes', id]);
    },
  };
  for (let tries = 0; tries < 100; tries++) {
    try {
      await container.get('/');
      return container;
    } catch {
      await sleep(100);
    }
  }
  const said = await logs();
  await container.remove();
  throw new Error(`${image} does not answer on port ${port}:\n${said}`);
}

/** Removes images by reference, if they are there. */
export async function removeImages(...repositories: string[]): Promise<void> {
  for (const repository of repositories) {
    const ids = (await docker('images', '--quiet', repository)).split('\n').filter(Boolean);
    if (ids.length > 0) await attempt('docker', ['rmi', '--force', ...new Set(ids)]);
  }
}
