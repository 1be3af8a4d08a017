import type { Family } from '../plan/bases';
import { CA_BUNDLE } from './instructions';
import { shellLine } from './shell';

/** How a family of distributions installs packages. Every entry is a list of lines of a build script. */
interface PackageTool {
  /** Makes the lists of packages known. */
  readonly refresh: readonly string[];
  /** Security updates of what the base has. */
  readonly upgrade: readonly string[];
  readonly install: (packages: readonly string[]) => readonly string[];
  /** Gives every user id a name, where the repositories know how. */
  readonly nameUsers: readonly string[];
  /** Leaves nothing behind that is not installed. */
  readonly clean: readonly string[];
}

const APT: PackageTool = {
  refresh: [
    'export DEBIAN_FRONTEND=noninteractive',
    `[ ! -s ${CA_BUNDLE} ] || echo 'Acquire::https::CaInfo "${CA_BUNDLE}";' > /etc/apt/apt.conf.d/99-ca`,
    'apt-get update -qq',
  ],
  upgrade: ['apt-get upgrade -qq -y --no-install-recommends'],
  install: (packages) => [
    shellLine(['apt-get', 'install', '-qq', '-y', '--no-install-recommends', ...packages]),
  ],
  // From Debian 12 on. It asks no file, so it works with a read-only root and for ids that a platform makes up.
  nameUsers: [
    'if apt-cache show libnss-unknown > /dev/null 2>&1; then apt-get install -qq -y --no-install-recommends libnss-unknown; fi',
  ],
  clean: [
    'rm -rf /etc/apt/apt.conf.d/99-ca /var/lib/apt/lists/* /var/cache/* /var/log/* /var/lib/dpkg/*-old',
  ],
};

/** dnf, or microdnf where the image is minimal. Both take the same words here. */
const DNF: PackageTool = {
  refresh: [
    'dnf=$(command -v dnf || command -v microdnf)',
    `[ ! -s ${CA_BUNDLE} ] || export SSL_CERT_FILE=${CA_BUNDLE} CURL_CA_BUNDLE=${CA_BUNDLE}`,
  ],
  upgrade: ['"$dnf" -y upgrade --nodocs --setopt=install_weak_deps=0'],
  install: (packages) => [`"$dnf" -y install --nodocs --setopt=install_weak_deps=0 ${shellLine(packages)}`],
  nameUsers: [],
  clean: ['"$dnf" clean all', 'rm -rf /var/cache/* /var/log/* /var/lib/dnf/history*'],
};

const APK: PackageTool = {
  refresh: [`[ ! -s ${CA_BUNDLE} ] || export SSL_CERT_FILE=${CA_BUNDLE}`],
  upgrade: ['apk upgrade --no-cache --quiet'],
  install: (packages) => [shellLine(['apk', 'add', '--no-cache', '--quiet', ...packages])],
  nameUsers: [],
  clean: ['rm -rf /var/cache/*'],
};

const TOOLS: Readonly<Record<Family, PackageTool>> = { debian: APT, ubuntu: APT, rhel: DNF, alpine: APK };

/** A base with security updates, these packages, and a name for every user; the user's script comes first. */
export function updateAndInstall(
  family: Family,
  packages: readonly string[],
  userScript: readonly string[],
): readonly string[] {
  const { upgrade, nameUsers, install } = TOOLS[family];
  const added = packages.length > 0 ? install(packages) : [];
  // Names last: where every id is somebody's, a package that makes a user of its own finds none that is free.
  return withPackageTool(family, [...upgrade, ...added, ...nameUsers], userScript);
}

/** These packages beside what is there. */
export function installPackages(
  family: Family,
  packages: readonly string[],
  userScript: readonly string[],
): readonly string[] {
  return withPackageTool(family, packages.length > 0 ? TOOLS[family].install(packages) : [], userScript);
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
