type Leaf = string | number | boolean | null;

/** A list or a table, with numbers in the place of what is in it: the index of a leaf, or `-1 - index` of a part. */
type Part = readonly number[] | Readonly<Record<string, number>>;

/**
 * A JSON value in which each text stands once, and so does each list and each table: the targets of a thousand projects
 * are nearly the same, and most of the time that a kept graph takes is that of parsing them.
 */
export interface Packed {
  readonly leaves: readonly Leaf[];
  /** Each after those that are in it. */
  readonly parts: readonly Part[];
  /** The number of the value itself. */
  readonly whole: number;
}

/** @param value anything that JSON can say; what it leaves out, this does */
export function packed(value: unknown): Packed {
  const leaves = numbers<Leaf>((index) => index);
  const parts = numbers<string>((index) => -1 - index);
  const made: Part[] = [];
  /** What is the very same need not be looked at again. */
  const seen = new Map<object, number>();
  const pack = (item: unknown): number => {
    if (typeof item !== 'object' || item === null) return leaves.of((item ?? null) as Leaf);
    const known = seen.get(item);
    if (known !== undefined) return known;
    const part = Array.isArray(item) ? item.map(pack) : table(item, pack);
    const number = parts.of(JSON.stringify(part));
    if (parts.count() > made.length) made.push(part);
    seen.set(item, number);
    return number;
  };
  const whole = pack(value);
  return { leaves: leaves.all(), parts: made, whole };
}

function table(item: object, pack: (entry: unknown) => number): Readonly<Record<string, number>> {
  const entries = Object.entries(item).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, pack(entry)] as const));
}

/** Gives each thing that is new the next number. */
function numbers<T>(numberOf: (index: number) => number): {
  of(thing: T): number;
  count(): number;
  all(): readonly T[];
} {
  const known = new Map<T, number>();
  return {
    of(thing) {
      const number = known.get(thing) ?? numberOf(known.size);
      known.set(thing, number);
      return number;
    },
    count: () => known.size,
    all: () => [...known.keys()],
  };
}

/** The value of {@link packed}. What was alike is now the same, so nobody may change it. */
export function unpacked({ leaves, parts, whole }: Packed): unknown {
  const made: unknown[] = [];
  const thing = (number: number): unknown => (number < 0 ? made[-1 - number] : leaves[number]);
  for (const part of parts) {
    made.push(
      Array.isArray(part)
        ? (part as readonly number[]).map(thing)
        : Object.fromEntries(Object.entries(part).map(([key, number]) => [key, thing(number)])),
    );
  }
  return thing(whole);
}
