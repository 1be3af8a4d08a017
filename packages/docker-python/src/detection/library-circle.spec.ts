import fc from 'fast-check';
import { failureOf } from '../testing/failures';
import { memoryFiles } from './files';
import { refuseCircle } from './library-circle';

/** What packages declare: their folder, and what of the others they need. */
type Needs = Readonly<Record<string, string>>;

const needs = (...names: readonly string[]): string =>
  JSON.stringify(names.map((name) => `${name} @ file:../${name}`));

function refuse(tables: Needs, extras: readonly string[] = []): void {
  const files = Object.entries(tables).map(([name, table]) => [
    `all/${name}/pyproject.toml`,
    `[project]\nname = "${name}"\n${table}\n`,
  ]);
  refuseCircle(
    memoryFiles(Object.fromEntries(files) as Record<string, string>),
    { path: 'all/api', from: '', extras },
    [{ path: 'all/a', from: 'uv.lock' }],
  );
}

const a = (...names: readonly string[]): string => `dependencies = ${needs(...names)}`;

describe('packages that need each other', () => {
  it.each<[string, Needs, RegExp]>([
    [
      'two',
      { a: a('b'), b: a('a') },
      /: all\/a -> all\/b -> all\/a\. .*in all\/a\/pyproject\.toml; .*in all\/b\/pyproject\.toml\.$/,
    ],
    ['two, behind a third', { a: a('b'), b: a('c'), c: a('b') }, /: all\/b -> all\/c -> all\/b\. /],
    ['three', { a: a('b'), b: a('d', 'c'), c: a('a'), d: '' }, /: all\/a -> all\/b -> all\/c -> all\/a\. /],
    ['one and the project', { api: a('a'), a: a('api') }, /: all\/api -> all\/a -> all\/api\. /],
    [
      'two of Poetry',
      {
        a: '[tool.poetry.dependencies]\nb = { path = "../b", develop = true }',
        b: '[tool.poetry.dependencies]\na = { path = "../a" }',
      },
      /: all\/a -> all\/b -> all\/a\. .*tool\.poetry\.dependencies\.b in all\/a/,
    ],
    [
      'two, by an extra that is asked for',
      { a: `dependencies = ["b[x] @ file:../b"]`, b: `[project.optional-dependencies]\nx = ${needs('a')}` },
      /: all\/a -> all\/b -> all\/a\. /,
    ],
  ])('are refused: %s', (_, tables, message) => {
    expect(failureOf(() => refuse(tables))).toMatchObject({
      code: 'LOCAL_PACKAGE_CYCLE',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('development group') as string,
    });
  });

  it.each<[string, Needs]>([
    ['one that two need', { a: a('b', 'c'), b: a('d'), c: a('d'), d: '' }],
    ['for tests alone', { a: a('b'), b: `[dependency-groups]\ntest = ${needs('a')}` }],
    [
      'by an extra that nobody asks for',
      { a: a('b'), b: `[project.optional-dependencies]\nx = ${needs('a')}` },
    ],
    [
      'itself, for an extra of extras',
      { a: `[project.optional-dependencies]\nall = ["a[x] @ file:."]\nx = []` },
    ],
    ['to build it', { a: a('b'), b: `[build-system]\nrequires = ${needs('a')}` }],
  ])('are not: %s', (_, tables) => {
    expect(() => refuse(tables)).not.toThrow();
  });

  it('are refused if and only if one can be reached from itself', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const edges = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
      selector: String,
      maxLength: 7,
    });
    fc.assert(
      fc.property(edges, (pairs) => {
        const of = (name: string): string[] =>
          pairs.filter(([from, to]) => from === name && to !== name).map(([, to]) => to);
        const reached = (from: string): ReadonlySet<string> => {
          const found = new Set<string>();
          const visit = (name: string): void => {
            for (const next of of(name)) if (!found.has(next)) visit((found.add(next), next));
          };
          visit(from);
          return found;
        };
        const circle = ['a', ...reached('a')].some((name) => reached(name).has(name));
        const work = (): void => refuse(Object.fromEntries(names.map((name) => [name, a(...of(name))])));
        if (circle) expect(failureOf(work).code).toBe('LOCAL_PACKAGE_CYCLE');
        else expect(work).not.toThrow();
      }),
    );
  });
});
