/** Where to get the registry's program: Debian and Ubuntu have it as a package. */

import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadPackages, unpack } from '../engine/apt';
import { readHost } from '../engine/host';
import { places } from '../engine/prefix';
import { attempt, step } from '../shell';

const PROGRAM = 'usr/bin/docker-registry';

/**
 * The path of `docker-registry`: an installed one, else the package's, unpacked once and not
 * installed, so that no service comes with it. Undefined where there is no such package or no right
 * to unpack it. Throws a ToolError if the download fails.
 */
export async function findRegistryBinary(): Promise<string | undefined> {
  if ((await attempt('docker-registry', ['--version'])).ok) return 'docker-registry';
  const unpacked = join(places.registryRoot, PROGRAM);
  if (isExecutable(unpacked)) return unpacked;
  if (readHost().route === 'none') return undefined;
  await step('unpacking docker-registry', fetchPackage);
  return unpacked;
}

async function fetchPackage(): Promise<void> {
  await mkdir(places.prefix, { recursive: true });
  const work = await mkdtemp(join(places.prefix, 'unpack-'));
  try {
    const root = join(work, 'root');
    await unpack(await downloadPackages(['docker-registry'], work), root);
    // Moved into place last: what exists is complete. Of two that run at once, the first one wins.
    await rename(root, places.registryRoot).catch((error: unknown) => {
      if (!existsSync(places.registryRoot)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
