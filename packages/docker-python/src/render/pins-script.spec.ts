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

test('forget: the packages that are named, in every form of the name', () => {
  const block = (name: string): string => `[[package]]\nname = "${name}"\nversion = "1"\n\n`;
  const lock = `# head\n[metadata]\ngroups = ["default"]\n\n${['a-b', 'c', 'd'].map(block).join('')}`;
  expect(run(lock, 'forget', 'pdm.lock', 'A_b', 'D')).toBe(
    `# head\n[metadata]\ngroups = ["default"]\n\n${block('c')}`,
  );
});
