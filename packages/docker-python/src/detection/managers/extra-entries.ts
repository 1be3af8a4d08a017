import { posix } from 'node:path';
import type { FileSource } from '../files';
import { type Argv, distributionName } from '../types';
import type { PinRecipe, Upgrade } from './pins';
import { PINS, UV } from './tools';

/** An entry of "extraRequirements" in the settings: `gunicorn[gevent]==23.0.0 --hash=...` */
export interface ExtraEntry {
  readonly text: string;
  readonly name: string;
  /** Name with extras. */
  readonly head: string;
  /** With its semicolon; empty where there is none. */
  readonly marker: string;
}

export function parseEntry(text: string): ExtraEntry {
  const [, head = text, marker = ''] = /^([^=]+?)==[^\s;]+\s*(;.*?)?\s+--hash=/.exec(text) ?? [];
  return { text, head, marker: marker.trim(), name: distributionName(head.replace(/\[.*/, '')) };
}

/** The names that some entries of "extraRequirements" pin. */
export function extraNames(entries: readonly string[]): readonly string[] {
  return entries.map((entry) => parseEntry(entry).name);
}

/** Entries for a resolver: those that may move have no version. */
export function movableEntries(entries: readonly string[], upgrade: Upgrade): readonly string[] {
  return entries.map((entry) => {
    const { name, head, marker } = parseEntry(entry);
    const pinned = entry.replace(/\s*--hash=.*$/, '');
    return moves(name, upgrade) ? `${head}${marker === '' ? '' : ` ${marker}`}` : pinned;
  });
}

/** Whether anything of them is to move. */
export function anyMoves(entries: readonly string[], upgrade: Upgrade): boolean {
  return extraNames(entries).some((name) => moves(name, upgrade));
}

/** Whether the pin of a distribution may move. */
export function moves(name: string, upgrade: Upgrade): boolean {
  return upgrade === 'all' || upgrade.some((wanted) => distributionName(wanted) === name);
}

/**
 * How entries beside a lock are resolved: what the lock pins stays, since its own pins win in the image.
 *
 * @param locked what it pins, `name==version`
 */
export function extraRecipe(
  files: FileSource,
  root: string,
  entries: readonly string[],
  upgrade: Upgrade,
  locked: Argv,
  platform: Argv,
): PinRecipe {
  const own = new Set(extraNames(entries));
  const bounds = locked.filter((pin) => !own.has(distributionName(pin.split('==')[0]!)));
  const manifest = posix.join(root, 'pyproject.toml');
  return {
    root,
    tools: [UV],
    // It may name indexes.
    files: files.read(manifest) === undefined ? [] : [manifest],
    commands: [
      [...PINS, 'entries', 'extra.in', ...movableEntries(entries, upgrade)],
      [...PINS, 'entries', 'extra.bounds', ...bounds],
      [
        ...['uv', 'pip', 'compile', 'extra.in', '--constraints', 'extra.bounds', '--generate-hashes'],
        ...['--no-header', '--no-annotate', '--quiet', '--output-file', 'extra.txt', ...platform],
      ],
    ],
    outputs: [posix.join(root, 'extra.txt')],
  };
}
