type Leaf = string | number | boolean | null;

/**
 * A JSON value in which each text stands once: the inputs of a thousand projects are nearly the same, and most of the
 * time that a kept graph takes is that of parsing them.
 */
export interface Packed {
  readonly leaves: readonly Leaf[];
  /** The value, with the index of a leaf in the place of each. */
  readonly shape: unknown;
}

/** @param value anything that JSON can say; what it leaves out, this does */
export function packed(value: unknown): Packed {
  const indexes = new Map<Leaf, number>();
  const pack = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(pack);
    if (typeof part === 'object' && part !== null) {
      const entries = Object.entries(part).filter(([, entry]) => entry !== undefined);
      return Object.fromEntries(entries.map(([key, entry]) => [key, pack(entry)]));
    }
    const leaf = (part ?? null) as Leaf;
    const known = indexes.get(leaf);
    if (known !== undefined) return known;
    indexes.set(leaf, indexes.size);
    return indexes.size - 1;
  };
  const shape = pack(value);
  return { leaves: [...indexes.keys()], shape };
}

/** The value of {@link packed}. */
export function unpacked({ leaves, shape }: Packed): unknown {
  const unpack = (part: unknown): unknown => {
    if (typeof part === 'number') return leaves[part];
    if (Array.isArray(part)) return part.map(unpack);
    return Object.fromEntries(
      Object.entries(part as object).map(([key, entry]) => [key, unpack(entry)] as const),
    );
  };
  return unpack(shape);
}
