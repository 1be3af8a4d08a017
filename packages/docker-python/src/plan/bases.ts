import type { BaseLock } from '../settings/base-lock';
import type { Settings } from '../settings/schema';
import { DockerPythonError } from '../errors';

/** How a base handles its packages. */
export type Family = 'debian' | 'ubuntu' | 'rhel' | 'alpine';

/** A column of the tables of system packages: a release whose package names are known. */
export type Release = 'bookworm' | 'trixie' | 'noble' | 'rhel9';

/** An image that a stage begins with, as the base lock has it. */
export interface PinnedImage {
  readonly reference: string;
  /** Absent without a base lock, and where the reference has one itself. */
  readonly digest?: string;
  /** Day of the packages of the operating system; absent without a base lock. */
  readonly packages?: string;
}

/** The base image and what decides how its system packages are handled. */
export interface BaseImage extends PinnedImage {
  readonly family: Family;
  /** Absent where no table knows the names of its packages. */
  readonly release?: Release;
  /** Whether its Python is one of its system packages, so that headers and debugging symbols are apart. */
  readonly systemPython: boolean;
  /** Whether it is known to leave root as its user; an organisation's base may end as any other. */
  readonly endsAsRoot: boolean;
}

/**
 * The base image where nobody says otherwise; pinned to a Debian release, so that it changes only on purpose. An
 * official image exists for the Debian releases of a Python's lifetime: Debian 11 came out in August 2021, 12 in June
 * 2023, 13 in August 2025. Sources: "Status of Python versions" of the Python Developer's Guide, "DebianReleases" of
 * Debian's wiki, and the tag list of the official image `python`.
 */
const LAST_SUITES: Readonly<Record<string, string>> = {
  '3.6': 'bullseye',
  '3.7': 'bookworm',
  '3.8': 'bookworm',
};

/** The default base. Has Debian's `tini` package in its repositories, from which other families get the program. */
export function debianImage(python: string): string {
  return `python:${python}-slim-${LAST_SUITES[python] ?? 'trixie'}`;
}

interface KnownBase {
  /** Matched against repository and tag, without registry and digest. */
  readonly pattern: RegExp;
  readonly family: Family;
  readonly release?: Release;
}

/** The first that matches decides. Sources: the tag lists of the images on their registries. */
const KNOWN_BASES: readonly KnownBase[] = [
  { pattern: /(^|[/:._-])alpine/, family: 'alpine' },
  // Debian 11 has no column of its own; the names of 12 are the nearest.
  { pattern: /(^|[/:._-])bullseye|(^|\/)debian:11/, family: 'debian', release: 'bookworm' },
  { pattern: /(^|[/:._-])bookworm|(^|\/)debian:12/, family: 'debian', release: 'bookworm' },
  { pattern: /(^|[/:._-])trixie|(^|\/)debian:13/, family: 'debian', release: 'trixie' },
  { pattern: /(^|[/:._-])noble|ubuntu-?:?24\.04/, family: 'ubuntu', release: 'noble' },
  { pattern: /(^|[/:._-])ubuntu/, family: 'ubuntu' },
  {
    pattern:
      /(^|\/)ubi9([/:-]|$)|(^|[/:-])el9|(rockylinux|rocky|almalinux|alma|redhat|rhel|centos)[\w/-]*:(stream)?9/,
    family: 'rhel',
    release: 'rhel9',
  },
  {
    pattern: /(^|\/)ubi\d*([/:-]|$)|(^|[/:-])el\d|rocky|alma(linux)?|redhat|rhel|centos|fedora|oraclelinux/,
    family: 'rhel',
  },
  { pattern: /(^|\/)python:[\d.]+(-slim)?$/, family: 'debian', release: 'trixie' },
];

/** The official images of Docker Hub set no USER. Source: their Dockerfiles, docker-library/python. */
const OFFICIAL_PYTHON = /^((index\.)?docker\.io\/)?(library\/)?python([:@]|$)/;

/** Where an unknown image has no family: most are made from Debian, and a wrong guess fails at `apt-get`. */
const FALLBACK: Pick<KnownBase, 'family' | 'release'> = { family: 'debian', release: 'trixie' };

/** Releases that a family has when its image does not say which. */
const NEWEST: Readonly<Partial<Record<Family, Release>>> = {
  debian: 'trixie',
  ubuntu: 'noble',
  rhel: 'rhel9',
};

/**
 * The base image of a plan.
 *
 * @throws DockerPythonError INVALID_SETTINGS for what is no reference, UNSUPPORTED_BASE for Alpine
 */
export function chooseBase(setting: Settings['base'] | undefined, python: string): BaseImage {
  const { image: template, family } =
    typeof setting === 'object' ? setting : { image: setting ?? debianImage(python), family: undefined };
  const reference = imageReference(template, python);
  const known = KNOWN_BASES.find(({ pattern }) => pattern.test(nameOf(reference)));
  if (known?.family === 'alpine' && family === undefined) throw refuseAlpine(reference);
  if (family === undefined) {
    const found = known ?? FALLBACK;
    return baseImage(reference, found.family, found.release);
  }
  return baseImage(reference, family, known?.family === family ? known.release : undefined);
}

/** An image with what the base lock says of it. */
export function pinned<I extends PinnedImage>(image: I, lock: BaseLock): I {
  const pin = lock.find(({ image: name }) => name === image.reference);
  if (!pin) return image;
  const { digest, packages } = pin;
  return { ...image, packages, ...(digest === undefined ? {} : { digest }) };
}

function baseImage(reference: string, family: Family, release = NEWEST[family]): BaseImage {
  const systemPython = family === 'debian' ? /(^|\/)debian:/.test(nameOf(reference)) : family !== 'alpine';
  const endsAsRoot = OFFICIAL_PYTHON.test(reference);
  return { reference, family, ...(release ? { release } : {}), systemPython, endsAsRoot };
}

/**
 * Fills the Python version in.
 *
 * @throws DockerPythonError INVALID_SETTINGS
 */
function imageReference(template: string, python: string): string {
  const reference = template.replaceAll('{python}', python);
  if (/^[a-zA-Z0-9][\w.:/@-]*$/.test(reference)) return reference;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"base" is ${JSON.stringify(template)}, which is no image reference.`,
    hint: 'Write an image with a tag or digest, such as "python:{python}-slim-trixie".',
  });
}

/** `registry.example.com:5000/library/python:3.13-slim@sha256:...` -> `library/python:3.13-slim`. */
function nameOf(reference: string): string {
  return reference
    .replace(/@.*$/, '')
    .replace(/^[^/]*[.:][^/]*\//, '')
    .toLowerCase();
}

function refuseAlpine(reference: string): DockerPythonError {
  return new DockerPythonError({
    code: 'UNSUPPORTED_BASE',
    message: `${reference} is Alpine, whose C library is musl: most wheels are made for glibc, so packages compile from source, and what runs can be slower and behave differently.`,
    hint: `Use a Debian slim image. To insist: "base": { "image": "${reference}", "family": "alpine" }.`,
  });
}
