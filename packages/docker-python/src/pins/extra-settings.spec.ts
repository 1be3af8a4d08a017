import { extraRecipe, movableEntries } from '../detection/managers/extra-entries';
import { memoryFiles } from '../detection/files';
import { boundsOf, renewedSettings } from './extra-settings';
import { readPins } from './read-pins';

const hash = (digit: string): string => digit.repeat(64);
const [OLD, NEW, MORE] = ['a', 'b', 'c'].map((digit) => ` --hash=sha256:${hash(digit)}`) as [
  string,
  string,
  string,
];
const ENTRIES = [`gunicorn[gevent]==23.0.0${OLD}`, `tomli==2.0.0 ; python_version < '3.11'${OLD}`];
const FILE = `{\n  "version": 1,\n  "extraRequirements": ${JSON.stringify(ENTRIES, null, 4)}\n}\n`;
const FOUND = `gunicorn==24.1.0${NEW}\ntomli==2.4.0${NEW}\npackaging==26.0${MORE}\n`;
const entriesIn = (text: string): unknown =>
  (JSON.parse(text) as { extraRequirements: string[] }).extraRequirements;

test('entries that move lose their version, not their extras and markers', () => {
  expect(movableEntries(ENTRIES, 'all')).toEqual(['gunicorn[gevent]', "tomli ; python_version < '3.11'"]);
  expect(movableEntries(ENTRIES, ['Gunicorn'])).toEqual([
    'gunicorn[gevent]',
    "tomli==2.0.0 ; python_version < '3.11'",
  ]);
});

test('all of them, and what they need newly', () => {
  const change = renewedSettings(FILE, ENTRIES, 'all', FOUND, readPins(''))!;
  expect(entriesIn(change.text)).toEqual([
    `gunicorn[gevent]==24.1.0${NEW}`,
    `tomli==2.4.0 ; python_version < '3.11'${NEW}`,
    `packaging==26.0${MORE}`,
  ]);
  expect(change.table).toEqual([
    '  gunicorn   23.0.0  ->  24.1.0',
    '  packaging  (new)   ->  26.0',
    '  tomli      2.0.0   ->  2.4.0',
  ]);
});

test('one of them, in its place; nothing that the project pins itself', () => {
  const change = renewedSettings(FILE, ENTRIES, ['gunicorn'], FOUND, readPins(`packaging==25.0${OLD}\n`))!;
  expect(change.text).toBe(FILE.replace(`gunicorn[gevent]==23.0.0${OLD}`, `gunicorn[gevent]==24.1.0${NEW}`));
  expect(change.table).toEqual(['  gunicorn  23.0.0  ->  24.1.0']);
});

test('nothing moves', () => {
  const found = `gunicorn==23.0.0${OLD}\ntomli==2.0.0${OLD}\n`;
  expect(renewedSettings(FILE, ENTRIES, 'all', found, readPins(''))).toBeUndefined();
});

test('beside a lock: what it pins once is a bound, unless the settings pin it', () => {
  const lock = readPins(`flask==3.0.0\ngunicorn==22.0.0\nd @ git+https://git.invalid/d\n`);
  expect(boundsOf(lock)).toEqual(['flask==3.0.0', 'gunicorn==22.0.0']);
  const files = memoryFiles({ 'a/pyproject.toml': '' });
  const recipe = extraRecipe(files, 'a', ENTRIES, ['tomli'], boundsOf(lock), ['--universal']);
  expect(recipe).toMatchObject({ root: 'a', files: ['a/pyproject.toml'], outputs: ['a/extra.txt'] });
  expect(recipe.commands.map((words) => words.slice(2).join(' '))).toEqual([
    "entries extra.in gunicorn[gevent]==23.0.0 tomli ; python_version < '3.11'",
    'entries extra.bounds flask==3.0.0',
    'compile extra.in --constraints extra.bounds --generate-hashes --no-header --no-annotate --quiet --output-file extra.txt --universal',
  ]);
});
