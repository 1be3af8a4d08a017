import { moves, parseEntry } from '../detection/managers/extra-entries';
import type { Upgrade } from '../detection/managers/pins';
import { changedPins, changeTable } from './compare';
import { type Pinned, type Pins, readPins } from './read-pins';

/** A settings file whose "extraRequirements" move. */
export interface ExtraChange {
  /** Text of the file. */
  readonly text: string;
  /** Old and new versions, a line each. */
  readonly table: readonly string[];
}

/** Pins of one version each, `name==version`: what a resolver can be held to. */
export function boundsOf(pins: Pins): readonly string[] {
  return [...pins].flatMap(
    ([
      name,
      {
        versions: [version, ...more],
      },
    ]) => (more.length === 0 && /^[\w.!+-]+$/.test(version ?? '') ? [`${name}==${version}`] : []),
  );
}

/**
 * A settings file with the entries that a resolver found. What an entry newly needs is added, unless the project pins it.
 *
 * @param text of the file, which has the entries as they are
 * @param found a list with them
 * @param pinned what the project pins itself
 * @returns undefined where nothing moves
 */
export function renewedSettings(
  text: string,
  entries: readonly string[],
  upgrade: Upgrade,
  found: string,
  pinned: Pins,
): ExtraChange | undefined {
  const pins = readPins(found);
  const own = entries.map(parseEntry);
  const renewed = own.map((entry) => {
    const pin = moves(entry.name, upgrade) ? pins.get(entry.name) : undefined;
    return pin === undefined ? entry.text : written(entry.head, entry.marker, pin);
  });
  const names = new Set(own.map(({ name }) => name));
  const added = [...pins].flatMap(([name, pin]) =>
    names.has(name) || pinned.has(name) ? [] : [written(name, '', pin)],
  );
  const table = changeTable(
    changedPins(readPins(entries.join('\n')), readPins([...renewed, ...added].join('\n'))),
  );
  if (table.length === 0) return undefined;
  const replaced = own.reduce(
    (all, { text: old }, at) => all.replace(JSON.stringify(old), () => JSON.stringify(renewed[at])),
    text,
  );
  const last = JSON.stringify(renewed.at(-1));
  return {
    text: replaced.replace(last, () => [last, ...added.map((entry) => JSON.stringify(entry))].join(', ')),
    table,
  };
}

function written(head: string, marker: string, { versions: [version], hashes }: Pinned): string {
  const words = [`${head}==${version}`, ...(marker === '' ? [] : [marker])];
  return [...words, ...[...hashes].sort().map((hash) => `--hash=sha256:${hash}`)].join(' ');
}
