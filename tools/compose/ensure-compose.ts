/** `docker compose` for the tests: see ensureCompose. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { downloadFromSuite, installPackages, unpack } from '../engine/apt';
import { readDebianMirrors } from '../engine/apt-sources';
import { readHost } from '../engine/host';
import { places } from '../engine/prefix';
import { attempt, step, ToolError } from '../shell';

const PLUGIN = 'cli-plugins/docker-compose';
/** What the distributions call Compose 2, first those where the other name means version 1. */
const PACKAGES = ['docker-compose-v2', 'docker-compose'];

/**
 * Uses the `docker compose` that answers; else gets it from the distribution's packages, on Debian 12 from testing's,
 * which needs nothing but libc. Throws a ToolError where that is impossible.
 */
export async function ensureCompose(): Promise<void> {
  if (await answers()) return;
  const { route, obstacle } = readHost();
  if (route === 'none') throw new ToolError(`docker compose is missing, and ${obstacle ?? 'cannot be had'}.`);
  await step('getting docker compose', route === 'unpack' ? borrow : install);
  if (!(await answers())) throw new ToolError('docker compose was installed, and does not answer.');
}

async function answers(): Promise<boolean> {
  return (await attempt('docker', ['compose', 'version'])).ok;
}

async function install(): Promise<void> {
  const failures: unknown[] = [];
  for (const name of PACKAGES) {
    try {
      return await installPackages([name]);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.at(-1);
}

async function borrow(): Promise<void> {
  if (!existsSync(places.composeRoot)) await unpackFromTesting();
  const plugin = join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), PLUGIN);
  await mkdir(dirname(plugin), { recursive: true });
  await rm(plugin, { force: true });
  await symlink(join(places.composeRoot, 'usr/libexec/docker', PLUGIN), plugin);
}

async function unpackFromTesting(): Promise<void> {
  const mirrors = readDebianMirrors();
  if (mirrors === undefined) throw new ToolError('No Debian mirror is configured in /etc/apt.');
  await mkdir(places.prefix, { recursive: true });
  const work = await mkdtemp(join(places.prefix, 'unpack-'));
  try {
    const root = join(work, 'root');
    const suite = { mirror: mirrors.main, name: 'testing' };
    await unpack(await downloadFromSuite(suite, ['docker-compose'], work), root);
    // Moved into place last: what exists is complete. Of two that run at once, the first one wins.
    await rename(root, places.composeRoot).catch((error: unknown) => {
      if (!existsSync(places.composeRoot)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
