/** The three things asked of apt: install packages, download packages, download those of another suite. */

import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run, ToolError } from '../shell';

/** Debian's own keys. Its newest version also knows the keys of the suites after the installed one. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const POLICY = '/usr/sbin/policy-rc.d';
const ENV = { DEBIAN_FRONTEND: 'noninteractive' };
// Another apt may be at work, unattended upgrades for one.
const PATIENCE = ['-o', 'DPkg::Lock::Timeout=120'];

/** Installs packages of this machine's own suite without starting their services. Root only. Throws a ToolError. */
export async function installPackages(names: readonly string[]): Promise<void> {
  await withoutServices(async () => {
    await withFreshLists(['install', '-y', '--no-install-recommends', ...PATIENCE, ...names]);
  });
}

/** Downloads packages of this machine's own suite into a folder; gives the paths. Throws a ToolError. */
export async function downloadPackages(names: readonly string[], into: string): Promise<string[]> {
  await mkdir(into, { recursive: true });
  await withFreshLists(['download', ...sandboxOff, ...names], into);
  return packagesIn(into);
}

/**
 * Downloads packages of any suite into a folder and gives their paths, by lists and a cache of its
 * own below that folder: the machine's apt state is neither read nor changed. Throws a ToolError.
 */
export async function downloadFromSuite(
  suite: { readonly mirror: string; readonly name: string },
  names: readonly string[],
  into: string,
): Promise<string[]> {
  const state = join(into, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const list = join(state, 'sources.list');
  await writeFile(list, `deb [signed-by=${KEYRING}] ${suite.mirror} ${suite.name} main\n`);
  const options = [
    `Dir::Etc::SourceList=${list}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
  ].flatMap((option) => ['-o', option]);
  await run('apt-get', [...options, ...sandboxOff, '--error-on=any', 'update'], { env: ENV });
  await run('apt-get', [...options, ...sandboxOff, 'download', ...names], { env: ENV, cwd: into });
  await rm(state, { recursive: true });
  return packagesIn(into);
}

/** Unpacks packages into one folder, without their scripts. Throws a ToolError. */
export async function unpack(packages: readonly string[], into: string): Promise<void> {
  for (const file of packages) await run('dpkg', ['-x', file, into]);
}

// Otherwise apt complains that its own user cannot write to the folder.
const sandboxOff = ['-o', 'APT::Sandbox::User=root'];

async function packagesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.deb')).map((name) => join(folder, name));
}

/** Lists may be absent or old. Most often they are neither, so they are renewed only after a failure. */
async function withFreshLists(argv: readonly string[], cwd?: string): Promise<void> {
  const options = { env: ENV, ...(cwd === undefined ? {} : { cwd }) };
  if ((await attempt('apt-get', argv, options)).ok) return;
  // A foreign source that does not answer must not stop what Debian's can give.
  const update = await attempt('apt-get', ['update', ...PATIENCE], { env: ENV });
  try {
    await run('apt-get', argv, options);
  } catch (error) {
    throw new ToolError(`${(error as Error).message}\nafter apt-get update:\n${update.output}`);
  }
}

/** Package scripts ask policy-rc.d whether they may start services (invoke-rc.d(8)). 101 is no. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const present = await access(POLICY).then(
    () => true,
    () => false,
  );
  if (present) return work();
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}
