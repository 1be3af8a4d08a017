import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, 'scripts', 'pins.py');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pins-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(text: string | undefined, command: string, file: string, ...more: string[]): string | undefined {
  if (text !== undefined) writeFileSync(join(folder, file), text);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const done = spawnSync('python3', [SCRIPT, command, file, ...more], { cwd: folder, encoding: 'utf8', env });
  expect([done.status, done.stderr]).toEqual([0, '']);
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

test('preferences: versions with their markers, nothing else of a list', () => {
  const list =
    '# head\n--index-url https://i.invalid\nA==1 ; os_name == "posix" \\\n    --hash=sha256:aa\n-e ../lib\nb>=2\nc @ https://h.invalid/c.zip\n';
  expect(run(list, 'preferences', 'r.txt')).toBe('A==1 ; os_name == "posix"\n');
  expect(run(undefined, 'preferences', 'none.txt')).toBeUndefined();
});

test('entries: what is given, a line each', () => {
  expect(run(undefined, 'entries', 'more.in', 'a==1', 'b==2 ; x == "y"')).toBe('a==1\nb==2 ; x == "y"\n');
});

test('forget: what PDM says of itself in a pylock.toml stays', () => {
  const block = (name: string): string => `[[packages]]\nname = "${name}"\nversion = "1"\n\n`;
  const tool = '[tool.pdm]\nstrategy = []\n';
  const lock = `created-by = "pdm"\n\n${block('a')}${block('b')}${tool}`;
  expect(run(lock, 'forget', 'pylock.toml', 'b')).toBe(`created-by = "pdm"\n\n${block('a')}${tool}`);
});

test('pip: pins are constraints, and those of what is named itself give way where they have to', () => {
  const block = (name: string): string => `[[packages]]\nname = "${name}"\nversion = "1"\n`;
  writeFileSync(join(folder, 'pylock.toml'), ['A.b', 'c', 'd'].map(block).join(''));
  writeFileSync(join(folder, 'requirements.in'), 'c>=1\n');
  const stand = [
    'sh',
    '-c',
    'cat pins.txt >> said; echo >> said; grep -vq c== pins.txt && ! grep -q c== pins.txt',
  ];
  expect(run(undefined, 'pip', 'requirements.in', 'D', ...stand)).toBe('c>=1\n');
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('a-b==1\nc==1\n\na-b==1\n\n');
});

test('forget: the packages that are named, in every form of the name', () => {
  const block = (name: string): string => `[[package]]\nname = "${name}"\nversion = "1"\n\n`;
  const lock = `# head\n[metadata]\ngroups = ["default"]\n\n${['a-b', 'c', 'd'].map(block).join('')}`;
  expect(run(lock, 'forget', 'pdm.lock', 'A_b', 'D')).toBe(
    `# head\n[metadata]\ngroups = ["default"]\n\n${block('c')}`,
  );
});
