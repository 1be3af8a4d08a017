import { listBody } from '../slices/list-body';
import { type Pinned, type Pins, readPins } from './read-pins';

/** One difference between two states of pins. */
export interface PinChange {
  readonly name: string;
  /** Absent for what was not pinned before. */
  readonly from?: string;
  /** Absent for what is not needed any more. */
  readonly to?: string;
}

/** Which pins differ, by name. The same version with files that it did not have counts; fewer known files do not. */
export function changedPins(before: Pins, after: Pins): readonly PinChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name): readonly PinChange[] => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === undefined) return [{ name, to: versions(now!) }];
    if (now === undefined) return [{ name, from: versions(old) }];
    if (versions(old) !== versions(now)) return [{ name, from: versions(old), to: versions(now) }];
    return sameFiles(old, now) ? [] : [{ name, from: versions(old), to: `${versions(now)} (other files)` }];
  });
}

function versions({ versions: all }: Pinned): string {
  return all.join(', ');
}

/** A release may gain files later, such as wheels for a new Python: what was pinned is still right. */
function sameFiles(old: Pinned, now: Pinned): boolean {
  return (
    (old.hashes.size > 0 || now.hashes.size === 0) && [...old.hashes].every((hash) => now.hashes.has(hash))
  );
}

/**
 * Whether a file of pins says the same as a new one: the same pins, and of a lock the same of everything else, such as
 * the digest of its manifest. Comments, the order of lists and further files of a release are no difference.
 *
 * @param python minor release of the image
 */
export function samePins(before: string, after: string, python: string): boolean {
  const old = readPins(before);
  if (changedPins(old, readPins(after)).length > 0) return false;
  return skeleton(before, python) === skeleton(after, python);
}

/** A file without what may differ: lines that hold hashes of files, and comments. */
function skeleton(text: string, python: string): string {
  const unix = text.replaceAll('\r\n', '\n');
  const isLock = unix.trimStart().startsWith('{') || /^\[\[packages?\]\]$/m.test(unix);
  return (isLock ? unix : listBody(unix, undefined, python))
    .split('\n')
    .filter((line) => !/(?:\bhash = |--hash=|^\s*)"?sha\d{3}:[0-9a-f]{64}|^\s*#/.test(line))
    .map((line) => line.replace(/ ?\\$/, '').trimEnd())
    .join('\n')
    .trimEnd();
}

/** Changes as a table for a terminal. */
export function changeTable(changes: readonly PinChange[]): readonly string[] {
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  const names = width(changes.map(({ name }) => name));
  const old = width(changes.map(({ from = NEW }) => from));
  return changes.map(
    ({ name, from = NEW, to = GONE }) => `  ${name.padEnd(names)}  ${from.padEnd(old)}  ->  ${to}`,
  );
}

const NEW = '(new)';
const GONE = '(gone)';
