import { stringAt, type Table, tableAt } from '../detection/toml';

/** What is pinned under one name. A lock for several environments may have several versions. */
export interface Pinned {
  /** Sorted. */
  readonly versions: readonly string[];
  readonly hashes: ReadonlySet<string>;
}

/** Pins by normalised name. */
export type Pins = ReadonlyMap<string, Pinned>;

const HASH = /\bsha(?:256|384|512)[:=" ]+([0-9a-f]{64,128})\b/g;

/**
 * The pins of a requirements list, of a lock of uv, Poetry, PDM or Pipenv, or of a pylock.toml, by what the text looks
 * like. Packages of the repository itself are none. Lenient: what is no pin says nothing.
 */
export function readPins(text: string): Pins {
  const unix = text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '');
  if (unix.trimStart().startsWith('{')) return collect(pipfileEntries(unix));
  return collect(/^\[\[packages?\]\]$/m.test(unix) ? tomlEntries(unix) : listEntries(unix));
}

/** Name, version, and text with hashes. */
type Entry = readonly [name: string, version: string, text: string];

function collect(entries: readonly Entry[]): Pins {
  const pins = new Map<string, { versions: Set<string>; hashes: Set<string> }>();
  for (const [raw, version, text] of entries) {
    const name = raw.replaceAll(/[-_.]+/g, '-').toLowerCase();
    const pin = pins.get(name) ?? { versions: new Set(), hashes: new Set() };
    pin.versions.add(version);
    for (const [, hash] of text.matchAll(HASH)) pin.hashes.add(hash!);
    pins.set(name, pin);
  }
  return new Map(
    [...pins]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { versions, hashes }]) => [name, { versions: [...versions].sort(), hashes }]),
  );
}

function listEntries(text: string): readonly Entry[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line): readonly Entry[] => {
      const pinned = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;]+)|@\s*(\S+))/.exec(line);
      return pinned ? [[pinned[1]!, pinned[2] ?? pinned[3]!, line]] : [];
    });
}

/** Where a lock says that a package is a folder of the repository. Sources: the lock formats of uv, Poetry and PDM. */
const LOCAL =
  /^source = \{ (?:editable|virtual|directory|workspace) = |^type = "(?:directory|file)"|^path = "|^directory = /m;

function tomlEntries(text: string): readonly Entry[] {
  // What PDM keeps of the manifest stands after the packages, and has a digest too.
  const [, ...blocks] = text.split(/^(?:\[\[packages?\]\]|\[tool\.pdm\])\n/m);
  return blocks.flatMap((block): readonly Entry[] => {
    const name = /^name = "([^"]+)"$/m.exec(block)?.[1];
    const version = /^version = "([^"]+)"$/m.exec(block)?.[1] ?? '';
    return name === undefined || LOCAL.test(block) ? [] : [[name, version, block]];
  });
}

function pipfileEntries(text: string): readonly Entry[] {
  const lock = parseObject(text);
  return Object.keys(lock)
    .filter((section) => section !== '_meta')
    .flatMap((section) =>
      Object.entries(tableAt(lock, section)).flatMap(([name, entry]): readonly Entry[] => {
        const pin = stringAt(entry, 'version')?.replace(/^===?/, '') ?? stringAt(entry, 'ref');
        return pin === undefined ? [] : [[name, pin, JSON.stringify(entry)]];
      }),
    );
}

function parseObject(text: string): Table {
  try {
    return tableAt({ lock: JSON.parse(text) as unknown }, 'lock');
  } catch {
    return {};
  }
}
