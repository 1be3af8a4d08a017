/** A socket inside of the container that waits for connections. */
export interface Listener {
  readonly port: number;
  /** Reached from inside only. */
  readonly loopback: boolean;
}

/** State "LISTEN". Source: the kernel's include/net/tcp_states.h. */
const LISTEN = '0A';

/** Files with the sockets of a network namespace, for `cat` inside of the container. */
export const SOCKET_TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/**
 * Reads those tables.
 * Source: the kernel's Documentation/networking/proc_net_tcp.rst: hexadecimal `address:port`, each word of the
 * address in host byte order.
 */
export function readListeners(tables: string): readonly Listener[] {
  return tables.split('\n').flatMap((line) => {
    const [, address, port, state] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    if (!address || !port || state !== LISTEN) return [];
    return [{ port: Number.parseInt(port, 16), loopback: isLoopback(address) }];
  });
}

/** 127.0.0.0/8, its IPv6-mapped form, ::1. On a little-endian machine the first byte is written last. */
function isLoopback(address: string): boolean {
  const last = address.slice(-8);
  if (address.length === 8) return last.endsWith('7F');
  const mapped = address.startsWith('0000000000000000FFFF0000');
  return mapped ? last.endsWith('7F') : address === '00000000000000000000000001000000';
}
