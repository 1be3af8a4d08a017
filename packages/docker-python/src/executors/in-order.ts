/** A piece of work that ended well or not. */
interface Ended {
  readonly result: { readonly success: boolean };
}

/**
 * Does work for each item, several at a time, none before those that it depends on; gives each result as it comes.
 * What an item depends on and is not among the items counts as done. A circle is worked through in the given order.
 *
 * @param atOnce how many at a time
 */
export async function* inOrder<T extends Ended>(
  items: readonly string[],
  dependencies: Readonly<Record<string, readonly string[]>>,
  atOnce: number,
  work: (item: string) => Promise<T>,
): AsyncGenerator<T> {
  const waiting = new Set(items);
  const running = new Map<string, Promise<{ item: string; value: T }>>();
  while (waiting.size + running.size > 0) {
    const ready = [...waiting].filter((item) =>
      (dependencies[item] ?? []).every((needed) => !waiting.has(needed) && !running.has(needed)),
    );
    // Nothing is ready and nothing runs: a circle.
    const next = ready.length + running.size > 0 ? ready : [...waiting].slice(0, 1);
    for (const item of next.slice(0, atOnce - running.size)) {
      waiting.delete(item);
      running.set(
        item,
        work(item).then((value) => ({ item, value })),
      );
    }
    const { item, value } = await Promise.race(running.values());
    running.delete(item);
    yield value;
  }
}
