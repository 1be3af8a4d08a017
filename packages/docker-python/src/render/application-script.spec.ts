import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { tempFolder, writeFiles } from '../testing/temp-folder';

const SCRIPT = join(__dirname, 'scripts', 'application.py');
const SITE = 'opt/venv/lib/python3.13/site-packages';
const EPOCH = 315532800;

interface Options {
  readonly place: readonly string[];
  readonly finish: readonly string[];
  readonly umask: string;
}

interface Run {
  /** The layer, and the project in it. */
  readonly out: string;
  readonly app: string;
  readonly status: number | null;
  readonly stderr: string;
}

/** Stands for `/` of the build step: the sources are put there, then moved into the layer. */
const ROOT = tempFolder();
const PROJECT = join(ROOT, 'app/apps/api');

/** Lays out `source` as apps/api of an image, as the application stage does. */
function layOut(source: string, { place = [], finish = [], umask = '022' }: Partial<Options> = {}): Run {
  const out = join(tempFolder(), 'out');
  const python = (...argv: string[]): { status: number | null; stderr: string } =>
    spawnSync('sh', ['-c', `umask ${umask}; exec python3 "$@"`, 'sh', SCRIPT, ...argv], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONHASHSEED: '0' },
    });
  const placed = python('place', '--tree', `${source}:${PROJECT}`, ...place);
  if (placed.status !== 0) return { out, app: '', ...placed };
  const argv = [
    '--out',
    out,
    '--project',
    PROJECT,
    '--top',
    PROJECT,
    '--distribution',
    'my-api',
    '--site',
    `/${SITE}`,
  ];
  argv.push('--bin', '/opt/venv/bin', '--python', '/opt/venv/bin/python', ...finish);
  const finished = python('finish', ...argv);
  rmSync(PROJECT, { recursive: true, force: true });
  return { out, app: join(out, PROJECT), ...finished };
}

function project(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  writeFiles(folder, files);
  return folder;
}

/** Everything that a layer holds of a tree: names, kinds, modes, times, contents. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map(
    (entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      const { mode, mtimeMs } = lstatSync(path);
      const content = entry.isFile()
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : entry.isSymbolicLink()
          ? readlinkSync(path)
          : '';
      return [
        relative(folder, path),
        [entry.isSymbolicLink() ? 'link' : mode.toString(8), mtimeMs / 1000, content].join(' '),
      ];
    },
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const API = {
  'pyproject.toml':
    '[project]\nname = "My.API"\nversion = "1.2.0"\ndescription = "Two\\n lines"\n[project.scripts]\nmy-api = "api.cli:main"\nraw = "api.cli"\n[project.entry-points."api.plugins"]\nx = "api.plugins:X"\n',
  'src/api/__init__.py': '',
  'src/api/cli.py': 'import sys\n\ndef main():\n    print("ran", sys.argv[1:])\n    return 3\n',
  'run.sh*': '#!/bin/sh\n',
  'data.json': '{}\n',
  'requirements.txt': 'x\n',
};

describe('the layer of an application', () => {
  const source = project(API);
  symlinkSync('data.json', join(source, 'link.json'));
  const { out, app, status } = layOut(source, {
    place: ['--without', join(PROJECT, 'requirements.txt'), '--without', join(PROJECT, 'gone.lock')],
    finish: ['--path', '/app/apps/api/src', '--path', '/app/apps/api'],
  });
  const at = (...path: string[]): string => join(out, ...path);

  it('holds the tree at its place, without what was left out', () => {
    expect(status).toBe(0);
    expect(readdirSync(app).sort()).toEqual(['data.json', 'link.json', 'pyproject.toml', 'run.sh', 'src']);
    expect(readlinkSync(join(app, 'link.json'))).toBe('data.json');
  });

  it('has modes that follow from the executable bit alone', () => {
    const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
    expect([mode(join(app, 'run.sh')), mode(join(app, 'data.json')), mode(join(app, 'src'))]).toEqual([
      '755',
      '644',
      '755',
    ]);
    expect(mode(at('opt/venv/bin/my-api'))).toBe('755');
  });

  it('puts the folders on the import path, first one first', () => {
    expect(readFileSync(at(SITE, '_my_api.pth'), 'utf8')).toBe('/app/apps/api/src\n/app/apps/api\n');
  });

  it('has metadata that importlib.metadata reads', () => {
    const script = `
import importlib.metadata as m, json, sys
d = next(iter(m.distributions(path=[sys.argv[1]])))
print(json.dumps([d.name, d.version, d.metadata["Summary"], sorted(f"{e.group}:{e.name}={e.value}" for e in d.entry_points), sorted(str(f) for f in d.files), d.read_text("INSTALLER")]))`;
    const found: unknown = JSON.parse(
      execFileSync('python3', ['-c', script, at(SITE)], { encoding: 'utf8' }),
    );
    const info = 'my_api-1.2.0.dist-info';
    expect(found).toEqual([
      'My.API',
      '1.2.0',
      'Two lines',
      ['api.plugins:x=api.plugins:X', 'console_scripts:my-api=api.cli:main', 'console_scripts:raw=api.cli'],
      ['INSTALLER', 'METADATA', 'RECORD', 'WHEEL', 'entry_points.txt'].map((name) => `${info}/${name}`),
      'docker-python\n',
    ]);
  });

  it('has console scripts that run the function and end with what it returns', () => {
    const script = readFileSync(at('opt/venv/bin/my-api'), 'utf8');
    expect(script.split('\n')[0]).toBe('#!/opt/venv/bin/python');
    const run = spawnSync('python3', [at('opt/venv/bin/my-api'), 'a b'], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: join(app, 'src') },
    });
    expect([run.status, run.stdout]).toEqual([3, "ran ['a b']\n"]);
  });

  it('has bytecode that no change of times makes stale', () => {
    const cache = join(app, 'src/api/__pycache__');
    const compiled = readdirSync(cache).map((name) => readFileSync(join(cache, name)));
    expect(compiled.length).toBe(2);
    // PEP 552: bit 0 says hash-based, bit 1 would ask for a check of the source.
    for (const bytes of compiled) expect(bytes.readUInt32LE(4)).toBe(0b01);
    expect(compiled.some((bytes) => bytes.includes(join(PROJECT, 'src/api/cli.py').slice(1)))).toBe(true);
    expect(compiled.some((bytes) => bytes.includes(out))).toBe(false);
  });

  it('has times that zip files can hold, and one time for all folders and links', () => {
    const times = Object.entries(snapshot(out)).map(
      ([path, entry]) => [path, Number(entry.split(' ')[1])] as const,
    );
    expect(times.filter(([, time]) => time < EPOCH || time > Date.now() / 1000)).toEqual([]);
    expect(lstatSync(join(app, 'link.json')).mtimeMs / 1000).toBe(EPOCH);
    expect(statSync(app).mtimeMs / 1000).toBe(EPOCH);
  });
});

describe('the same sources', () => {
  it('give the same layer whatever the umask, the times and the place of the checkout', () => {
    const [a, b] = [project(API), project(API)];
    utimesSync(join(b, 'data.json'), 5, 5);
    utimesSync(join(b, 'src/api/cli.py'), 1e9, 1e9);
    const [first, second] = [layOut(a), layOut(b, { umask: '077' })];
    expect(Object.keys(snapshot(first.out)).length).toBeGreaterThan(15);
    expect(snapshot(second.out)).toEqual(snapshot(first.out));
  });

  it('but for an edit of equal length, which gets another time', () => {
    const [a, b] = [layOut(project({ 'page.html': 'one' })), layOut(project({ 'page.html': 'two' }))];
    const time = ({ app }: Run): number => statSync(join(app, 'page.html')).mtimeMs;
    expect(time(a)).not.toBe(time(b));
  });
});

it('takes no empty folders along that tools left behind, but keeps those of the project', () => {
  const source = project({ 'main.py': '', 'media/.gitkeep': '' });
  for (const folder of ['my_api.egg-info', '.pytest_cache', 'src/__pycache__', 'uploads'])
    mkdirSync(join(source, folder), { recursive: true });
  const { app, status } = layOut(source);
  expect(status).toBe(0);
  expect(readdirSync(app).filter((name) => name !== '__pycache__')).toEqual([
    'main.py',
    'media',
    'src',
    'uploads',
  ]);
  expect(readdirSync(join(app, 'src'))).toEqual([]);
});

it('takes a tree that is one file, and Python that does not compile', () => {
  const source = project({ 'bad.py': 'def (:\n' });
  const file = join(project({ VERSION: '1\n' }), 'VERSION');
  const version = join(ROOT, 'app/VERSION');
  const { out, app, status } = layOut(source, {
    place: ['--tree', `${file}:${version}`],
    finish: ['--top', version],
  });
  expect(status).toBe(0);
  expect(readFileSync(join(out, version), 'utf8')).toBe('1\n');
  expect(existsSync(join(app, 'bad.py'))).toBe(true);
});

it('writes the module that a build backend would take from git, unless it is there', () => {
  const versioned = {
    'pyproject.toml': '[project]\nname = "api"\ndynamic = ["version"]\n',
    'api/__init__.py': '',
  };
  const finish = ['--git-version', '2.5.0', '--git-version-file', 'api/_version.py'];
  const made = layOut(project(versioned), { finish });
  const ask = 'from _version import version, version_tuple; print(version, version_tuple)';
  const said = execFileSync('python3', ['-c', ask], { cwd: join(made.app, 'api'), encoding: 'utf8' });
  expect(said).toBe('2.5.0 (2, 5, 0)\n');
  expect(readdirSync(join(made.out, SITE))).toContain('api-2.5.0.dist-info');
  const kept = layOut(project({ ...versioned, 'api/_version.py': "version = '9'\n" }), { finish });
  expect(readFileSync(join(kept.app, 'api/_version.py'), 'utf8')).toBe("version = '9'\n");
});
