/** What kind of machine this is, as far as getting an engine depends on it. */

import { existsSync, readFileSync } from 'node:fs';

/** The ways to get an engine: `unpack` Debian 12's from a newer suite, `install` the distribution's own. */
export type PackageRoute = 'unpack' | 'install' | 'none';

/** A machine, with the reason where it has no route. */
export interface Host {
  readonly name: string;
  readonly route: PackageRoute;
  readonly obstacle?: string;
}

/**
 * Decides from os-release(5) and the user how Docker can be had here.
 * Debian 12 has a Docker without buildx; Debian 13, testing and Ubuntu 22.04 have both as packages.
 */
export function hostOf(osRelease: string | undefined, isRoot: boolean): Host {
  const fields = parseOsRelease(osRelease ?? '');
  const name = fields.get('PRETTY_NAME') ?? 'this operating system';
  const route = routeOf(fields);
  if (route === 'none') return { name, route, obstacle: `${name} has no recipe here` };
  return isRoot ? { name, route } : { name, route: 'none', obstacle: 'this is not root' };
}

/** Reads this machine. */
export function readHost(): Host {
  const file = '/etc/os-release';
  const osRelease = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  return hostOf(osRelease, process.getuid?.() === 0);
}

function routeOf(fields: ReadonlyMap<string, string>): PackageRoute {
  // Debian testing and unstable have no VERSION_ID.
  const version = Number.parseFloat(fields.get('VERSION_ID') ?? 'Infinity');
  if (fields.get('ID') === 'debian') {
    if (version === 12) return 'unpack';
    return version > 12 ? 'install' : 'none';
  }
  return fields.get('ID') === 'ubuntu' && version >= 22.04 ? 'install' : 'none';
}

function parseOsRelease(content: string): Map<string, string> {
  const pairs = content.matchAll(/^([A-Z_]+)=(?:"(.*)"|(.*))$/gm);
  return new Map([...pairs].map((pair) => [pair[1] ?? '', pair[2] ?? pair[3] ?? '']));
}
