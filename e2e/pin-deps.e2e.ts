import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readPins } from '../packages/docker-python/src/pins/read-pins';
import { NEWEST } from '../tools/workspace/nx-versions';
import { outputOf, removeImages } from './harness/docker';
import { PRINT_INSTALLED } from './harness/print-installed';
import { realIndex } from './harness/real-index';
import { saidOf } from './harness/said-of';
import { createWorkspace, type CommandResult, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

const SETTINGS = '{ "version": 1, "command": "python main.py" }\n';

/** A pyproject.toml with PEP 621 metadata. */
function project(name: string, dependencies: readonly string[], more = ''): string {
  return `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.11,<4"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
}

const backend = (requires: string, name: string): string =>
  `\n[build-system]\nrequires = ["${requires}"]\nbuild-backend = "${name}"\n`;

/** Every way to declare dependencies: its manifest, by what it requires, and the file that holds its pins. */
const MANAGERS: Readonly<
  Record<string, (requires: readonly string[]) => readonly [manifest: string, text: string, pins: string]>
> = {
  // Markers for another system, another Python, and a machine that the image may run on.
  list: (requires) => [
    'requirements.in',
    [
      '-e ../../libs/words',
      'colorama; sys_platform == "win32"',
      'tomli; python_version < "3.13"',
      'tomlkit; platform_machine == "aarch64"',
      ...requires,
      '',
    ].join('\n'),
    'requirements.txt',
  ],
  hatch: (requires) => [
    'pyproject.toml',
    project(
      'e2e-pins-hatch',
      requires,
      `\n[dependency-groups]\ndev = ["pluggy"]\n${backend('hatchling==1.27.0', 'hatchling.build')}`,
    ),
    'requirements.txt',
  ],
  setuptools: (requires) => [
    'pyproject.toml',
    project('e2e-pins-setuptools', requires, backend('setuptools==80.9.0', 'setuptools.build_meta')),
    'requirements.txt',
  ],
  uv: (requires) => [
    'pyproject.toml',
    project('e2e-pins-uv', requires, '\n[tool.uv]\npackage = false\n'),
    'uv.lock',
  ],
  poetry: (requires) => [
    'pyproject.toml',
    // A mirror that has only the simple API cannot answer what Poetry asks of its default index.
    project(
      'e2e-pins-poetry',
      requires,
      `\n[tool.poetry]\npackage-mode = false\n\n[[tool.poetry.source]]\nname = "simple"\nurl = "INDEX"\npriority = "primary"\n${backend('poetry-core==2.1.3', 'poetry.core.masonry.api')}`,
    ),
    'poetry.lock',
  ],
  pdm: (requires) => [
    'pyproject.toml',
    project('e2e-pins-pdm', requires, '\n[tool.pdm]\ndistribution = false\n'),
    'pdm.lock',
  ],
  // A lock of no tool, which says that uv made it.
  pylock: (requires) => ['requirements.in', `${requires.join('\n')}\n`, 'pylock.toml'],
  pipenv: (requires) => [
    'Pipfile',
    [
      '[[source]]\nname = "pypi"\nurl = "INDEX"\nverify_ssl = true\n',
      '[packages]',
      ...requires.map((entry) =>
        entry.replace(/^(\w+)(.*)$/, (_, name: string, version: string) => `${name} = "${version || '*'}"`),
      ),
      '',
    ].join('\n'),
    'Pipfile.lock',
  ],
};

/** The server that settings add, in an old version. Source: its release on the index. */
const SERVER =
  'gunicorn==22.0.0 --hash=sha256:350679f91b24062c86e386e198a15438d53a7a8207235a78ba1b53df4c4378d9';
const SERVED = ['setuptools', 'uv'];

const NAMES = Object.keys(MANAGERS);
const OLD = ['idna==3.9', 'six==1.16.0'];
const NEW = ['idna', 'six', 'iniconfig'];

describe('pin-deps', () => {
  let workspace: Workspace;
  let index = '';
  /** Of the first run. */
  let output = '';
  const root = (name: string): string => `apps/${name}`;
  const nameOf = (name: string): string => `e2e-pins-${name}`;
  const pinsOf = (name: string): string => `${root(name)}/${MANAGERS[name]!([])[2]}`;
  /** Names and versions, as the file of pins has them. */
  const pinned = (path: string): Record<string, string> =>
    Object.fromEntries(
      [...readPins(workspace.read(path))].map(([name, { versions }]) => [name, versions.join(' ')]),
    );
  const declare = (requires: readonly string[]): void => {
    for (const name of NAMES) {
      const [manifest, text] = MANAGERS[name]!(requires);
      workspace.write(`${root(name)}/${manifest}`, text.replace('INDEX', index));
    }
  };
  const pinAll = (...options: string[]): Promise<CommandResult> =>
    workspace.tryNx(
      ...['run-many', '-t', 'pin-deps', '--parallel=2', '--outputStyle=static', '--nxBail=false'],
      `--projects=${NAMES.map(nameOf).join(',')}`,
      ...options,
    );
  /** The part of the common output that is about one project. */
  const about = (output: string, name: string): string => saidOf(nameOf(name), output);

  beforeAll(async () => {
    await removeImages('e2e-pins-*');
    index = await realIndex();
    workspace = await createWorkspace(NEWEST, {
      '.python-version': '3.13\n',
      'libs/words/pyproject.toml': project(
        'words',
        ['toolz'],
        backend('hatchling==1.27.0', 'hatchling.build'),
      ),
      'libs/words/words/__init__.py': '',
      ...Object.fromEntries(
        [...NAMES, 'older', 'broken', 'hand'].flatMap((name) => [
          [`${root(name)}/project.json`, JSON.stringify({ name: nameOf(name) })],
          [`${root(name)}/docker-python.json`, SETTINGS],
          [`${root(name)}/main.py`, PRINT_INSTALLED],
        ]),
      ),
      ...Object.fromEntries(
        SERVED.map((name) => [
          `${root(name)}/docker-python.json`,
          `${JSON.stringify({ version: 1, command: 'python main.py', extraRequirements: [SERVER] }, null, 2)}\n`,
        ]),
      ),
      'apps/pylock/pylock.toml': 'lock-version = "1.0"\ncreated-by = "uv"\npackages = []\n',
      'apps/list/dev-requirements.in': '-c requirements.txt\npluggy\nidna\n',
      'apps/older/.python-version': '3.11\n',
      // Nothing says how it starts: for its pins that does not matter.
      'apps/older/main.py': 'import tomli\n',
      'apps/older/docker-python.json': '{ "version": 1 }\n',
      'apps/older/requirements.in': 'tomli==2.0.1; python_version < "3.13"\n',
      'apps/broken/requirements.in': 'idna==999\n',
      'apps/hand/requirements.txt': 'idna\n',
    });
    declare(OLD);
    output = (await pinAll()).output;
  }, 10 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-pins-*');
  }, MINUTES);

  it.each(NAMES)('%s: first pins, complete, hashed, and the files of whoever asked for them', (name) => {
    expect(about(output, name)).toContain(`${nameOf(name)}: ${pinsOf(name)}\n`);
    expect(about(output, name)).toMatch(/^ {2}idna +\(new\) {2}-> {2}3\.9$/m);
    expect(pinned(pinsOf(name))).toMatchObject({ idna: '3.9', six: '1.16.0' });
    expect(statSync(join(workspace.root, pinsOf(name))).uid).toBe(process.getuid!());
    for (const { hashes } of readPins(workspace.read(pinsOf(name))).values())
      expect(hashes.size).toBeGreaterThan(0);
  });

  it('pins what the Python and the system of the image need, and nothing of the repository itself', () => {
    expect(Object.keys(pinned('apps/list/requirements.txt'))).toEqual(['idna', 'six', 'tomlkit', 'toolz']);
    expect(workspace.read('apps/list/requirements.txt')).toMatch(
      /^tomlkit==\S+ ; platform_machine == 'aarch64' \\$/m,
    );
    expect(pinned('apps/list/dev-requirements.txt')).toMatchObject({
      idna: '3.9',
      pluggy: expect.any(String) as string,
    });
    expect(pinned('apps/hatch/dev-requirements.txt')).toMatchObject({ pluggy: expect.any(String) as string });
  });

  it('an older Python of the image needs more, whatever runs on this machine', async () => {
    await workspace.nx('pin-deps', nameOf('older'));
    expect(pinned('apps/older/requirements.txt')).toEqual({ tomli: '2.0.1' });
  });

  it(
    '--check fails where requirements changed, and says what would move',
    async () => {
      declare(NEW);
      const before = NAMES.map((name) => workspace.read(pinsOf(name)));
      const { exitCode, output: said } = await pinAll('--check');
      expect(exitCode).not.toBe(0);
      for (const name of NAMES) {
        expect(about(said, name)).toMatch(/^ {2}iniconfig +\(new\) {2}-> {2}\d/m);
        expect(about(said, name)).not.toMatch(/^ {2}(?:idna|six) /m);
        expect(about(said, name)).toContain('PINS_OUT_OF_DATE: ');
      }
      expect(NAMES.map((name) => workspace.read(pinsOf(name)))).toEqual(before);
    },
    10 * MINUTES,
  );

  it(
    '--upgrade-package moves exactly that one, and what is new comes in; then --check passes',
    async () => {
      const { output: said } = await pinAll('--upgrade-package=idna');
      for (const name of NAMES) {
        expect(about(said, name)).toMatch(/^ {2}idna +3\.9 +-> {2}3\.\d\d/m);
        expect(about(said, name)).not.toMatch(/^ {2}six /m);
        const { idna, six, iniconfig } = pinned(pinsOf(name));
        expect([idna !== '3.9', six, iniconfig !== undefined]).toEqual([true, '1.16.0', true]);
      }
      const check = await pinAll('--check');
      expect(check.output).not.toContain('PINS_OUT_OF_DATE');
      expect(check.exitCode).toBe(0);
    },
    10 * MINUTES,
  );

  it('a server of the settings moves as well, in a list and beside a lock', async () => {
    const said = await workspace.nx(
      ...['run-many', '-t', 'pin-deps', '--parallel=2', '--outputStyle=static'],
      ...[`--projects=${SERVED.map(nameOf).join(',')}`, '--upgrade-package=gunicorn'],
    );
    for (const name of SERVED) {
      const file = `${root(name)}/docker-python.json`;
      expect(about(said, name)).toContain(`${nameOf(name)}: ${file}\n`);
      expect(about(said, name)).toMatch(/^ {2}gunicorn +22\.0\.0 +-> {2}2[3-9]\./m);
      expect(about(said, name)).not.toMatch(/^ {2}(?:idna|six) /m);
      const { extraRequirements } = JSON.parse(workspace.read(file)) as { extraRequirements: string[] };
      expect(extraRequirements[0]).toMatch(/^gunicorn==2[3-9]\.\S+( --hash=sha256:[0-9a-f]{64})+$/);
    }
  });

  it('--upgrade moves all of them', async () => {
    const said = await workspace.nx('pin-deps', nameOf('list'), '--upgrade');
    expect(said).toMatch(/^ {2}six +1\.16\.0 +-> {2}1\.\d\d/m);
  });

  it('another base image is one option away, and has to have the Python of the project', async () => {
    const said = await workspace.failsNx(
      ...['pin-deps', nameOf('list'), '--image=python:3.11-slim-trixie', '--check'],
    );
    expect(said).toContain('python:3.11-slim-trixie has no Python 3.13');
  });

  it('no set of versions: the resolver says why, and nothing is written', async () => {
    const said = await workspace.failsNx('pin-deps', nameOf('broken'));
    expect(said).toMatch(/PINS_UNRESOLVED: [\s\S]*no version of idna==999/);
    expect(workspace.exists('apps/broken/requirements.txt')).toBe(false);
  });

  it('a list that people write is refused, with what to do; so is a package that is not pinned', async () => {
    const hand = await workspace.failsNx('pin-deps', nameOf('hand'));
    expect(hand).toMatch(/PINS_WITHOUT_SOURCE: [\s\S]*git mv apps\/hand\/requirements\.txt/);
    expect(workspace.read('apps/hand/requirements.txt')).toBe('idna\n');
    const unknown = await workspace.failsNx('pin-deps', nameOf('list'), '--upgrade-package=idnaa');
    expect(unknown).toMatch(/PINS_UNKNOWN_PACKAGE: [\s\S]*Did you mean idna\?/);
  });

  it(
    'the image installs the pins, and the packages of the repository that they leave out',
    async () => {
      await workspace.nx('sync');
      await workspace.nx('docker-build', nameOf('list'));
      const { idna, six, toolz } = pinned('apps/list/requirements.txt');
      const installed = await outputOf(nameOf('list'));
      for (const line of [`idna ${idna}`, `six ${six}`, `toolz ${toolz}`, 'words 1.0'])
        expect(installed).toContain(line);
      expect(installed).not.toMatch(/colorama|tomli/);
    },
    10 * MINUTES,
  );

  it(
    'a forged hash fails the build by name; --check sees it, and pin-deps mends it',
    async () => {
      const good = workspace.read('apps/list/requirements.txt');
      const [, digest = ''] = /^idna==.*\n.*sha256:([0-9a-f]{64})/m.exec(good)!;
      const forged = good.replaceAll(/^idna==.*\n(?: .*\n)+/gm, (entry) =>
        entry.replaceAll(/[0-9a-f]{64}/g, [...digest].reverse().join('')),
      );
      workspace.write('apps/list/requirements.txt', forged);
      const build = await workspace.failsNx('docker-build', nameOf('list'));
      expect(build).toMatch(/BUILD_FAILED: idna\S* does not have the hash/);
      const check = await workspace.failsNx('pin-deps', nameOf('list'), '--check');
      expect(check).toMatch(/^ {2}idna {2}3\.\d+ {2}-> {2}3\.\d+ \(other files\)$/m);
      await workspace.nx('pin-deps', nameOf('list'));
      expect(workspace.read('apps/list/requirements.txt')).toBe(good);
    },
    10 * MINUTES,
  );

  it(
    'a shared lock: one run renews it and the slices of all that it governs',
    async () => {
      const shared = (name: string): string => project(`e2e-pins-${name}`, ['idna==3.9', 'six']);
      workspace.write('mono/pyproject.toml', '[tool.uv.workspace]\nmembers = ["*"]\n');
      for (const name of ['a', 'b']) {
        workspace.write(`mono/${name}/pyproject.toml`, shared(`mono-${name}`));
        workspace.write(`mono/${name}/docker-python.json`, SETTINGS);
        workspace.write(`mono/${name}/main.py`, PRINT_INSTALLED);
      }
      await workspace.nx('pin-deps', 'e2e-pins-mono-a');
      const slice = (name: string): string => `mono/${name}/docker/requirements.lock`;
      expect([pinned(slice('a')), pinned(slice('b'))]).toEqual(Array(2).fill(pinned('mono/uv.lock')));
      workspace.write('mono/b/pyproject.toml', shared('mono-b').replace('"six"', '"six", "iniconfig"'));
      const before = workspace.read(slice('a'));
      const said = await workspace.nx('pin-deps', 'e2e-pins-mono-a');
      expect(said).toContain(`e2e-pins-mono-b: ${slice('b')}: iniconfig is new in mono/uv.lock`);
      expect(workspace.read(slice('a'))).toBe(before);
      expect(Object.keys(pinned(slice('b')))).toEqual(['idna', 'iniconfig', 'six']);
    },
    10 * MINUTES,
  );
});
