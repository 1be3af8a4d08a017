/** Gets Docker and buildx from the distribution's packages. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run, say, step, ToolError } from '../shell';
import { downloadFromSuite, installPackages, unpack } from './apt';
import { readDebianMirrors } from './apt-sources';
import type { Host } from './host';
import { places } from './prefix';

/**
 * Suites that Debian 12 can borrow Docker from, best first. Testing moves on, and one day its
 * programs will need a newer libc; what Debian 13 has will go on running.
 */
const DONORS = ['testing', 'trixie'];
const BORROWED = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd'];
// Testing's runc needs libc 2.38, so runc is Debian 12's own, and so is what is not Go.
const OWN = ['runc', 'iptables', 'tini', 'ca-certificates', 'debian-archive-keyring'];

/** Makes the programs present; does nothing where they are. Throws a ToolError. */
export async function ensurePackages(host: Host): Promise<void> {
  if (host.route === 'install') await installOwn();
  else await borrow();
}

async function installOwn(): Promise<void> {
  await step('installing docker.io and docker-buildx', () =>
    // docker-cli is a package of its own from Debian 13 on, and only recommended.
    installPackages(['docker.io', 'docker-buildx', 'iptables', 'ca-certificates', ...apparmor()]).then(() =>
      attempt('docker', ['--version']),
    ),
  ).then(async (client) => {
    if (!client.ok) await installPackages(['docker-cli']);
  });
}

async function borrow(): Promise<void> {
  const commands = ['runc', 'iptables', 'tini-static'];
  const missing = await Promise.all(commands.map((name) => attempt(name, ['--version'])));
  if (missing.some((result) => !result.ok) || !existsSync(places.engineRoot)) {
    const names = [...OWN, ...apparmor()];
    await step(`installing ${names.join(', ')}`, () => installPackages(names));
  }
  if (existsSync(places.engineRoot)) return;
  const mirrors = readDebianMirrors();
  if (mirrors === undefined) throw new ToolError('No Debian mirror is configured in /etc/apt.');
  const failures: string[] = [];
  for (const suite of DONORS) {
    try {
      return await step(`unpacking Docker from Debian ${suite}`, () => borrowFrom(mirrors.main, suite));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(error.message);
      say(`  Debian ${suite} has none that runs here`);
    }
  }
  throw new ToolError(failures.join('\n'));
}

async function borrowFrom(mirror: string, suite: string): Promise<void> {
  await mkdir(places.prefix, { recursive: true });
  const work = await mkdtemp(join(places.prefix, 'unpack-'));
  try {
    const root = join(work, 'root');
    await unpack(await downloadFromSuite({ mirror, name: suite }, BORROWED, work), root);
    for (const runc of ['usr/bin/runc', 'usr/sbin/runc']) await rm(join(root, runc), { force: true });
    for (const docs of ['doc', 'man'])
      await rm(join(root, 'usr/share', docs), { recursive: true, force: true });
    // `docker run --init` looks for docker-init; the package only has a link to a tini of its suite.
    await rm(join(root, 'usr/bin/docker-init'), { force: true });
    await symlink('/usr/bin/tini-static', join(root, 'usr/bin/docker-init'));
    for (const program of ['usr/sbin/dockerd', 'usr/bin/docker', 'usr/bin/containerd']) {
      await run(join(root, program), ['--version']);
    }
    // Moved into place last: what exists is complete. Of two that run at once, the first one wins.
    await rename(root, places.engineRoot).catch((error: unknown) => {
      if (!existsSync(places.engineRoot)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** With AppArmor in the kernel dockerd loads a profile by its parser, and starts no container without. */
function apparmor(): string[] {
  return existsSync('/sys/module/apparmor') ? ['apparmor'] : [];
}
