import { checksum } from '../reference/checksum';

/**
 * Managed files: their first line says so and carries a checksum of the rest, by which a hand-edited one is
 * recognised. Line ends do not count: git may have changed them.
 */
const HEADER = /^# Managed by docker-python \(checksum ([0-9a-f]{16})\)\. [^\n]*\n/;

export type Ownership = 'managed' | 'edited' | 'foreign';

/**
 * Puts the header in front of a body that uses `#` comments.
 *
 * @param advice what to do instead of editing it, in one line
 */
export function managed(
  body: string,
  advice = 'Change docker-python.json instead, then run: nx sync',
): string {
  return `# Managed by docker-python (checksum ${checksum(body)}). ${advice}\n${body}`;
}

/**
 * Whose file is this?
 *
 * @returns `managed`: ours, untouched; `edited`: ours, then changed by hand; `foreign`: never ours
 */
export function ownership(text: string): Ownership {
  const unix = text.replaceAll('\r\n', '\n');
  const header = HEADER.exec(unix);
  if (!header) return 'foreign';
  return checksum(unix.slice(header[0].length)) === header[1] ? 'managed' : 'edited';
}

/**
 * The generator that makes a file again, with its options, as the header says; none where `nx sync` does, or where the
 * file was never ours.
 */
export function generatorOf(text: string): string | undefined {
  const [header = ''] = HEADER.exec(text.replaceAll('\r\n', '\n')) ?? [];
  return /: (nx g docker-python:[^\n]+)\n$/.exec(header)?.[1];
}
