import { createHash } from 'node:crypto';

/** A short digest of a text, by which a managed file shows that nobody edited it. Line ends do not count. */
export function checksum(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex').slice(0, 16);
}
