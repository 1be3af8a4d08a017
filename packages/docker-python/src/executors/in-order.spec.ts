import { inOrder } from './in-order';

interface Run {
  readonly began: readonly string[];
  readonly ended: readonly string[];
  readonly most: number;
}

/** Works through items that take as many turns of the event loop as their name is long. */
async function workThrough(
  items: readonly string[],
  dependencies: Readonly<Record<string, readonly string[]>>,
  atOnce: number,
): Promise<Run> {
  const [began, ended]: string[][] = [[], []];
  let [running, most] = [0, 0];
  const results = inOrder(items, dependencies, atOnce, async (item) => {
    began!.push(item);
    most = Math.max(most, ++running);
    for (const _ of item) await new Promise(setImmediate);
    running--;
    return { item, result: { success: true } };
  });
  for await (const { item } of results) ended!.push(item);
  return { began: began!, ended: ended!, most };
}

it('does several at a time, never more, and gives results as they come', async () => {
  expect(await workThrough(['aaaaaa', 'b', 'cccc', 'dddddddddd'], {}, 2)).toEqual({
    began: ['aaaaaa', 'b', 'cccc', 'dddddddddd'],
    ended: ['b', 'cccc', 'aaaaaa', 'dddddddddd'],
    most: 2,
  });
});

it('waits for what an item depends on, as far as that is among the items', async () => {
  const { began } = await workThrough(['app', 'base', 'other'], { app: ['base', 'elsewhere'] }, 4);
  expect(began).toEqual(['base', 'other', 'app']);
});

it('works through a circle', async () => {
  const { ended } = await workThrough(['a', 'b'], { a: ['b'], b: ['a'] }, 4);
  expect(ended).toEqual(['a', 'b']);
});

it('ends at once where there is nothing', async () => {
  expect((await workThrough([], {}, 4)).ended).toEqual([]);
});
