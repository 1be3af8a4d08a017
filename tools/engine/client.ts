/** Makes the unpacked programs usable by a plain `docker` from any later process. */

import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineState } from './probe';
import { places } from './prefix';

const BUILDX = 'cli-plugins/docker-buildx';
/** A folder that every docker client searches, whatever HOME and DOCKER_CONFIG are. */
const SYSTEM_PLUGINS = '/usr/local/lib/docker';

/** Links buildx where it does not answer, and the client where there is none. Existing clients stay. */
export async function linkClient(found: EngineState): Promise<void> {
  const client = join(places.engineRoot, 'usr/bin/docker');
  const buildx = join(places.engineRoot, 'usr/libexec/docker', BUILDX);
  if (!existsSync(client)) return; // The distribution's own packages are on PATH by themselves.
  if (!found.hasClient) await link(client, '/usr/local/bin/docker');
  if (found.buildx !== undefined) return;
  // The user's folder goes first in the client's search, so a broken plugin in it would win.
  await link(buildx, join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), BUILDX));
  await link(buildx, join(SYSTEM_PLUGINS, BUILDX));
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
}
