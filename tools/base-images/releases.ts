/** The base images the tests and the demo build on. */

import { ToolError } from '../shell';

/** A Python version, and the Debian suite that ships it: a stand-in is made from that. */
export interface PythonRelease {
  readonly python: string;
  readonly suite: string;
  /** A stable suite has updates and security fixes in suites of their own; testing has not. */
  readonly stable: boolean;
  /** Packages that belong to Python's standard library and that this suite splits off. */
  readonly parts: readonly string[];
}

/** The suite of the product's default base image. */
const DEFAULT_SUITE = 'trixie';

/** One line per version; when Debian releases, or Python does, this is what to change. */
const RELEASES: readonly PythonRelease[] = [
  { python: '3.11', suite: 'bookworm', stable: true, parts: ['python3-distutils', 'python3-lib2to3'] },
  { python: '3.13', suite: 'trixie', stable: true, parts: [] },
  { python: '3.14', suite: 'forky', stable: false, parts: [] },
];

/** The releases of the given versions, all of them by default. Throws a ToolError for an unknown one. */
export function releasesOf(versions?: readonly string[]): PythonRelease[] {
  if (versions === undefined) return [...RELEASES];
  return versions.map((version) => {
    const release = RELEASES.find((candidate) => candidate.python === version);
    if (release !== undefined) return release;
    const known = RELEASES.map((candidate) => candidate.python).join(', ');
    throw new ToolError(`There is no base image for Python ${version}; known are ${known}.`);
  });
}

/** The tag that counts: the product's default base image. */
export function defaultTag(release: PythonRelease): string {
  return `python:${release.python}-slim-${DEFAULT_SUITE}`;
}

/** All tags of a release, the one that counts first. */
export function tagsOf(release: PythonRelease): string[] {
  const slim = `python:${release.python}-slim`;
  return [...new Set([defaultTag(release), slim, `${slim}-${release.suite}`])];
}

/** The tags that the official image has as well: there is none on a suite that is not released. */
export function officialTagsOf(release: PythonRelease): string[] {
  return tagsOf(release).filter((tag) => release.stable || !tag.endsWith(release.suite));
}
