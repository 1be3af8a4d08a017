import { checksum } from '../reference/checksum';

/** The text of a slice, taken apart. */
export interface SliceFile {
  /** `edited`: ours, then changed by hand; `foreign`: never ours; `conflicted`: with markers of a merge. */
  readonly ownership: 'managed' | 'edited' | 'foreign' | 'conflicted';
  /** The closure that it was exported from. */
  readonly digest: string;
  readonly body: string;
}

const HEADER =
  /^# Managed by docker-python \(checksum ([0-9a-f]{16})\): [^\n]*\n# Closure of the lock: ([0-9a-f]{64})\n/;

/** What git writes into a file that it could not merge. */
const CONFLICT = /^(?:<{7}|>{7}|={7}|\|{7})(?: |$)/m;

/** The text of a slice: who manages it, from which lock, how it is renewed; then the list. */
export function sliceText(lock: string, digest: string, body: string): string {
  return [
    `# Managed by docker-python (checksum ${checksum(body)}): what this image installs of ${lock}. To renew it: npx nx sync`,
    `# Closure of the lock: ${digest}`,
    body,
  ].join('\n');
}

/** Takes the text of a slice apart. Line ends do not count: git may have changed them. */
export function readSliceText(text: string): SliceFile {
  const unix = text.replaceAll('\r\n', '\n');
  const header = HEADER.exec(unix);
  const [, sum = '', digest = ''] = header ?? [];
  const body = unix.slice(header?.[0].length ?? 0);
  if (CONFLICT.test(unix)) return { ownership: 'conflicted', digest, body };
  const ownership = !header ? 'foreign' : checksum(body) === sum ? 'managed' : 'edited';
  return { ownership, digest, body };
}
