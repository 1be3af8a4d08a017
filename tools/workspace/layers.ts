import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../shell';

/** One layer of an image as a registry would hold it. */
export interface Layer {
  readonly digest: string;
  /** Compressed bytes. */
  readonly size: number;
}

/**
 * Manifest digest and compressed layers of one image, from what `docker save` writes. Source: OCI image layout.
 *
 * @param name repository with or without a tag; without one it is `latest`, since `docker save` takes all tags
 */
export async function manifestOf(name: string): Promise<{ digest: string; layers: readonly Layer[] }> {
  const image = name.includes(':') ? name : `${name}:latest`;
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-save-'));
  try {
    await run('docker', ['save', '--output', join(folder, 'image.tar'), image]);
    await run('tar', ['-xf', join(folder, 'image.tar'), '-C', folder]);
    const blob = (digest: string): Index =>
      JSON.parse(readFileSync(join(folder, 'blobs', digest.replace(':', '/')), 'utf8')) as Index;
    let digest = (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Index).manifests[0]!.digest;
    let manifest = blob(digest);
    while (!manifest.layers) {
      digest = manifest.manifests[0]!.digest;
      manifest = blob(digest);
    }
    return { digest, layers: manifest.layers.map(({ digest: id, size }) => ({ digest: id, size })) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compressed layers of an image, base first. */
export async function compressedLayers(image: string): Promise<readonly Layer[]> {
  return (await manifestOf(image)).layers;
}

/** An index that names manifests, or a manifest that names layers. */
interface Index {
  readonly manifests: { digest: string }[];
  readonly layers?: Layer[];
}
