import { isLoopback } from './address';

/**
 * Whether the environment sends requests to an address through a proxy, which the HTTP client of Node 20 does not know.
 * A range of addresses in NO_PROXY is not understood, and counts as "through a proxy".
 */
export function goesThroughProxy(origin: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const { protocol, host, hostname } = new URL(origin);
  const of = (name: string): string | undefined => env[name] || env[name.toUpperCase()];
  if (isLoopback(host) || !(of(`${protocol.slice(0, -1)}_proxy`) ?? of('all_proxy'))) return false;
  return !(of('no_proxy') ?? '')
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, ''),
    )
    .some(
      (entry) =>
        entry === '*' ||
        entry === host ||
        entry === hostname ||
        (entry !== '' && hostname.endsWith(`.${entry}`)),
    );
}
