import type { Family } from '../plan/bases';
import { CA_BUNDLE } from './instructions';
import { shellLine } from './shell';

/** How a family of distributions installs packages. Every entry is a list of lines of a build script. */
interface PackageTool {
  /** Makes the lists of packages known. */
  readonly refresh: readonly string[];
  readonly install: (packages: readonly string[]) => readonly string[];
  /**
   * Security updates of what the base has, small programs that every image gets, these packages, and a name for every
   * user id where the repositories know how.
   */
  readonly update: (programs: readonly string[], packages: readonly string[]) => readonly string[];
  /** Leaves nothing behind that is not installed. */
  readonly clean: readonly string[];
}

/** Where apt keeps what it made of its lists. Images tell it to keep nothing, and each call reads all lists again. */
const APT_CACHES = ['/tmp/pkgcache.bin', '/tmp/srcpkgcache.bin'] as const;

/** Read after what images bring, whose `docker-clean` says the opposite. */
const APT_SETTINGS = '/etc/apt/apt.conf.d/zz-docker-python';

/** From Debian 12 on. It asks no file, so it works with a read-only root and for ids that a platform makes up. */
const FIND_NAMES = 'names=$(apt-cache pkgnames libnss-unknown)';
const NAMES = '${names:+"$names"}';

function apt(command: 'install' | 'upgrade', packages: readonly string[]): string {
  return shellLine(['apt-get', command, '-qq', '-y', '--no-install-recommends', ...packages]);
}

const APT: PackageTool = {
  refresh: [
    'export DEBIAN_FRONTEND=noninteractive',
    `echo 'Dir::Cache::pkgcache "${APT_CACHES[0]}"; Dir::Cache::srcpkgcache "${APT_CACHES[1]}";' > ${APT_SETTINGS}`,
    `[ ! -s ${CA_BUNDLE} ] || echo 'Acquire::https::CaInfo "${CA_BUNDLE}";' >> ${APT_SETTINGS}`,
    'apt-get update -qq',
  ],
  install: (packages) => [apt('install', packages)],
  // Names last: where every id is somebody's, a package that makes a user of its own finds none that is free. Else in
  // the one call, since each costs a second.
  update: (programs, packages) => [
    FIND_NAMES,
    ...(packages.length === 0
      ? [`${apt('upgrade', programs)} ${NAMES}`]
      : [apt('upgrade', programs), apt('install', packages), `${apt('install', [])} ${NAMES}`]),
  ],
  clean: [
    `rm -rf ${APT_SETTINGS} ${APT_CACHES.join(' ')} /var/lib/apt/lists/* /var/cache/* /var/log/* /var/lib/dpkg/*-old`,
  ],
};

function anyOf(packages: readonly string[], install: PackageTool['install']): readonly string[] {
  return packages.length > 0 ? install(packages) : [];
}

function dnfInstall(packages: readonly string[]): readonly string[] {
  return [`"$dnf" -y install --nodocs --setopt=install_weak_deps=0 ${shellLine(packages)}`];
}

/** dnf, or microdnf where the image is minimal. Both take the same words here. */
const DNF: PackageTool = {
  refresh: [
    'dnf=$(command -v dnf || command -v microdnf)',
    `[ ! -s ${CA_BUNDLE} ] || export SSL_CERT_FILE=${CA_BUNDLE} CURL_CA_BUNDLE=${CA_BUNDLE}`,
  ],
  install: dnfInstall,
  update: (programs, packages) => [
    '"$dnf" -y upgrade --nodocs --setopt=install_weak_deps=0',
    ...anyOf([...programs, ...packages], dnfInstall),
  ],
  clean: ['"$dnf" clean all', 'rm -rf /var/cache/* /var/log/* /var/lib/dnf/history*'],
};

function apkInstall(packages: readonly string[]): readonly string[] {
  return [shellLine(['apk', 'add', '--no-cache', '--quiet', ...packages])];
}

const APK: PackageTool = {
  refresh: [`[ ! -s ${CA_BUNDLE} ] || export SSL_CERT_FILE=${CA_BUNDLE}`],
  install: apkInstall,
  update: (programs, packages) => [
    'apk upgrade --no-cache --quiet',
    ...anyOf([...programs, ...packages], apkInstall),
  ],
  clean: ['rm -rf /var/cache/*'],
};

const TOOLS: Readonly<Record<Family, PackageTool>> = { debian: APT, ubuntu: APT, rhel: DNF, alpine: APK };

/**
 * A base with security updates, programs that every image gets, these packages, and a name for every user; the user's
 * script comes first.
 */
export function updateAndInstall(
  family: Family,
  programs: readonly string[],
  packages: readonly string[],
  userScript: readonly string[],
): readonly string[] {
  return withPackageTool(family, TOOLS[family].update(programs, packages), userScript);
}

/** These packages beside what is there. */
export function installPackages(
  family: Family,
  packages: readonly string[],
  userScript: readonly string[],
): readonly string[] {
  return withPackageTool(family, anyOf(packages, TOOLS[family].install), userScript);
}

function withPackageTool(
  family: Family,
  work: readonly string[],
  userScript: readonly string[],
): readonly string[] {
  const { refresh, clean } = TOOLS[family];
  return [
    ...refresh,
    // The script may add a package source, whose lists are then unknown.
    ...(userScript.length > 0 ? [...userScript, ...refresh.slice(-1)] : []),
    ...work,
    ...clean,
  ];
}
