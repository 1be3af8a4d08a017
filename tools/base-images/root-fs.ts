/** The root file system of a stand-in, up to Python: a small Debian with the libraries that Python needs. */

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEYRING } from '../engine/apt';
import type { DebianMirrors } from '../engine/apt-sources';
import { attempt, run } from '../shell';
import type { PythonRelease } from './releases';

/** Without it apt picks the package that converts an old system, and all of perl with it. */
const MERGED_USR = '/usr/share/mmdebstrap/hooks/merged-usr';

/** What Debian's slim images leave out. dpkg keeps to it in later layers as well. */
const EXCLUDED = ['doc/*', 'man/*', 'info/*', 'locale/*', 'lintian/*', 'groff/*'];
const DPKG_OPTIONS = [
  ...EXCLUDED.map((path) => `path-exclude=/usr/share/${path}`),
  'path-include=/usr/share/doc/*/copyright',
];

/** How apt behaves in Debian's official images, where each RUN leaves a layer behind. */
const DOCKER_CLEAN = [
  'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };',
  'APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };',
  'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";',
];
const LEAN_LISTS = ['Acquire::Languages "none";', 'Acquire::GzipIndexes "true";'];

/** Build leftovers: caches, logs, and what names one machine. */
const LEFTOVERS = ['etc/machine-id', 'var/lib/dbus', 'var/cache/ldconfig', 'var/cache/debconf'];

/**
 * Makes the root file system in a new folder. `include` are the packages beyond the minimal ones.
 * Throws a ToolError.
 */
export async function makeRootFs(
  root: string,
  release: PythonRelease,
  mirrors: DebianMirrors,
  include: readonly string[],
): Promise<void> {
  const sources = `${root}.sources`;
  await writeFile(sources, deb822(release, mirrors));
  const apt = await hostAptOptions();
  await run('mmdebstrap', [
    '--variant=minbase',
    `--include=${include.join(',')}`,
    '--format=directory',
    `--hook-dir=${MERGED_USR}`,
    ...DPKG_OPTIONS.map((option) => `--dpkgopt=${option}`),
    ...apt.map((option) => `--aptopt=${option}`),
    release.suite,
    root,
    sources,
  ]);
  await rm(sources);
  await imitateOfficial(root, deb822(release, mirrors));
}

/** The sources for this release, in the format of sources.list(5); used here and inside of the image. */
function deb822(release: PythonRelease, mirrors: DebianMirrors): string {
  const { suite, stable } = release;
  const stanza = (uri: string, suites: string): string =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${KEYRING}\n`;
  const stanzas = [stanza(mirrors.main, stable ? `${suite} ${suite}-updates` : suite)];
  if (stable && mirrors.security !== undefined) stanzas.push(stanza(mirrors.security, `${suite}-security`));
  return stanzas.join('\n');
}

/**
 * What this machine's apt accepts of its mirror's dates. A frozen mirror needs it on the machine,
 * so it needs it in a container too.
 */
async function hostAptOptions(): Promise<string[]> {
  const dump = (await attempt('apt-config', ['dump'])).stdout;
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(Check-Valid-Until|Check-Date) "(false|no|0)"/.test(line));
}

async function imitateOfficial(root: string, sources: string): Promise<void> {
  const sourceParts = join(root, 'etc/apt/sources.list.d');
  await rm(join(root, 'etc/apt/sources.list'), { force: true });
  await rm(sourceParts, { recursive: true, force: true });
  await mkdir(sourceParts);
  await writeFile(join(sourceParts, 'debian.sources'), sources);
  await writeFile(join(root, 'etc/apt/apt.conf.d/docker-clean'), `${DOCKER_CLEAN.join('\n')}\n`);
  await writeFile(join(root, 'etc/apt/apt.conf.d/docker-lean-lists'), `${LEAN_LISTS.join('\n')}\n`);
  await writeFile(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  for (const path of LEFTOVERS) await rm(join(root, path), { recursive: true, force: true });
  await removeLogs(join(root, 'var/log'));
  // Of the machine that built it; Docker mounts its own over both.
  await writeFile(join(root, 'etc/hostname'), '');
  await writeFile(join(root, 'etc/resolv.conf'), '');
}

async function removeLogs(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await rm(join(entry.parentPath, entry.name));
  }
}
