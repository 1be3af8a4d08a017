import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder, writeFiles } from '../testing/temp-folder';

const SCRIPT = join(__dirname, 'scripts', 'bytecode.py');

/** More files than one process compiles. */
const MODULES = Object.fromEntries(
  Array.from({ length: 70 }, (_, at) => [`pkg/m${at}.py`, `def f(x):\n    return x in {"path", "m${at}"}\n`]),
);

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  writeFiles(folder, files);
  return folder;
}

function compile(
  argv: readonly string[],
  prefix: readonly string[] = [],
): { status: number | null; said: string } {
  const [program, ...words] = [...prefix, 'python3', SCRIPT, ...argv];
  const { status, stdout, stderr } = spawnSync(program!, words, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

/** Every compiled file of a folder, by its name without the version of Python. */
function compiled(folder: string): ReadonlyMap<string, Buffer> {
  const cache = join(folder, '__pycache__');
  const names = existsSync(cache) ? readdirSync(cache).sort() : [];
  return new Map(names.map((name) => [name.split('.')[0]!, readFileSync(join(cache, name))]));
}

it('compiles every file, to be loaded whatever times the files have', () => {
  const folder = folderWith(MODULES);
  expect(compile([folder])).toEqual({ status: 0, said: '' });
  const files = compiled(join(folder, 'pkg'));
  expect(files.size).toBe(70);
  // PEP 552: flags of 1 are those of a hash that nobody compares.
  for (const bytes of files.values()) expect(bytes.readUInt32LE(4)).toBe(1);
});

it('gives the same bytes by one processor and by all of them, and once more', () => {
  const folder = folderWith(MODULES);
  compile([folder]);
  const before = compiled(join(folder, 'pkg'));
  expect(compile([folder], ['taskset', '--cpu-list', '0']).status).toBe(0);
  expect(compiled(join(folder, 'pkg'))).toEqual(before);
});

it('replaces bytecode that goes by times', () => {
  const folder = folderWith({ 'a.py': 'A = 1\n' });
  spawnSync('python3', ['-m', 'compileall', '-q', '--invalidation-mode', 'timestamp', folder]);
  expect(compiled(folder).get('a')!.readUInt32LE(4)).toBe(0);
  compile([folder]);
  expect(compiled(folder).get('a')!.readUInt32LE(4)).toBe(1);
});

it('leaves out folders by name, and what no Python compiles, without a word', () => {
  const folder = folderWith({
    'a.py': 'A = "\\d"\n',
    'template.py': '{{ name }} = }\n',
    'null.py': 'A = "\0"\n',
    'tests/b.py': 'B = 1\n',
  });
  expect(compile([folder, 'tests'])).toEqual({ status: 0, said: '' });
  expect([...compiled(folder).keys()]).toEqual(['a']);
  expect(compiled(join(folder, 'tests')).size).toBe(0);
});

it('fails where a process is killed, rather than leaving files without bytecode', () => {
  const folder = folderWith({ 'a.py': 'A = 1\n' });
  // Stands for the kernel that is out of memory.
  writeFiles(folder, {
    'bin/py_compile.py':
      'import os\nclass PycInvalidationMode:\n    UNCHECKED_HASH = 1\ndef compile(*_, **__):\n    os.kill(os.getpid(), 9)\n',
  });
  const { status, stderr } = spawnSync(
    'python3',
    [
      '-c',
      `import sys; sys.path.insert(0, ${JSON.stringify(join(folder, 'bin'))}); sys.argv[1:] = [${JSON.stringify(folder)}, "bin"]; exec(open(${JSON.stringify(SCRIPT)}).read())`,
    ],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr).toContain('status 9. Has the builder enough memory?');
});
