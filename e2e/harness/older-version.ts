import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../tools/shell';
import { packedPlugin } from '../../tools/workspace/packed-plugin';
import type { PackedVersion } from './npm-registry';

/** A sentence of every Dockerfile, and the one that stood there in the version that never was. */
const SENTENCE = '# What is shipped.';
export const OLD_SENTENCE = '# This is shipped.';

/**
 * An older version of the plugin. None has been published, so it is the present one with another number, which renders
 * one comment otherwise: what a migration meets is a workspace whose managed files another version has written.
 */
export async function olderVersion(version: string): Promise<PackedVersion> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-older-'));
  try {
    await run('tar', ['-xzf', await packedPlugin(), '-C', folder]);
    const unpacked = join(folder, 'package');
    const path = join(unpacked, 'package.json');
    const manifest = { ...(JSON.parse(readFileSync(path, 'utf8')) as PackedVersion['manifest']), version };
    writeFileSync(path, JSON.stringify(manifest, null, 2));
    const renderer = join(unpacked, 'src/render/dockerfile.js');
    const text = readFileSync(renderer, 'utf8');
    const [mine, theirs] = [SENTENCE, OLD_SENTENCE].map((sentence) => sentence.slice(2)) as [string, string];
    if (!text.includes(mine)) throw new Error(`${renderer} has no "${mine}".`);
    writeFileSync(renderer, text.replace(mine, theirs));
    const name = (await run('npm', ['pack', unpacked, '--pack-destination', folder, '--silent'])).trim();
    return { manifest, tarball: readFileSync(join(folder, name.split('\n').at(-1)!)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
