import { changedPins, changeTable, samePins } from './compare';
import { readPins } from './read-pins';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const list = (...entries: readonly (readonly [pin: string, ...hashes: string[]])[]): string =>
  entries
    .map(([pin, ...hashes]) => [pin, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(' \\\n    '))
    .join('\n') + '\n';
const changes = (before: string, after: string): readonly string[] =>
  changeTable(changedPins(readPins(before), readPins(after)));

test('what moves, comes and goes', () => {
  expect(
    changes(
      list(['flask==3.0', A], ['old==1', A], ['same==1', A]),
      list(['flask==3.1', B], ['new==2', B], ['same==1', A]),
    ),
  ).toEqual(['  flask  3.0    ->  3.1', '  new    (new)  ->  2', '  old    1      ->  (gone)']);
});

test.each([
  ['a further file is none', [A], [A, B], []],
  ['a file that is not on the index is one', [B], [A], ['  x  1  ->  1 (other files)']],
  ['pins without hashes get some', [], [A], ['  x  1  ->  1 (other files)']],
])('of one version: %s', (_, old, now, expected) => {
  expect(changes(list(['x==1', ...old]), list(['x==1', ...now]))).toEqual(expected);
});

const LOCK = `# made by 1.0\n[[package]]\nname = "x"\nversion = "1"\nfiles = [\n    {file = "x.whl", hash = "sha256:${A}"},\n]\n\n[metadata]\ncontent-hash = "${B}"\n`;

test.each<[string, boolean, string, string]>([
  [
    'comments and order of a list',
    true,
    `# head\n${list(['b==1', A], ['a==1', B])}`,
    list(['a==1', B], ['b==1', A]),
  ],
  ['markers that always hold here', true, list(['a==1 ; python_version > "3.8"', A]), list(['a==1', A])],
  [
    'markers that a platform decides',
    false,
    list(["a==1 ; platform_machine == 'x86_64'", A]),
    list(['a==1', A]),
  ],
  ['an index', false, list(['a==1', A]), `--index-url https://i.invalid\n${list(['a==1', A])}`],
  ['a tool of another version', true, LOCK, LOCK.replace('1.0', '2.0')],
  [
    'a further file',
    true,
    LOCK,
    LOCK.replace('files = [\n', `files = [\n    {file = "x.tgz", hash = "sha256:${B}"},\n`),
  ],
  ['the digest of the manifest', false, LOCK, LOCK.replace(B, A)],
  ['line ends', true, LOCK, LOCK.replaceAll('\n', '\r\n')],
])('whether two files say the same: %s', (_, same, before, after) => {
  expect(samePins(before, after, '3.13')).toBe(same);
});
