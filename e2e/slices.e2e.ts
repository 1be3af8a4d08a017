import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, fixtures, PLACEHOLDER_INDEX, rootOf } from '../packages/docker-python/fixtures/corpus';
import { uv } from '../tools/uv/lock';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, outputOf, removeImages } from './harness/docker';
import { PRINT_INSTALLED } from './harness/print-installed';
import { realIndex } from './harness/real-index';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

/** A manifest of the workspace; one with a backend is a library that is built. */
function manifest(name: string, dependencies: readonly string[], more = ''): string {
  return `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.11"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
}

const LIBRARY = '\n[build-system]\nrequires = ["hatchling==1.27.0"]\nbuild-backend = "hatchling.build"\n';

/** Four services and two libraries, one of which needs the other, under one uv.lock, and a job that has no manifest. */
function files(index: string): Record<string, string> {
  const explicit = `\n[tool.uv.sources]\niniconfig = { index = "own" }\n\n[[tool.uv.index]]\nname = "own"\nurl = "${index}/"\nexplicit = true\n`;
  const services = {
    'apps/a': manifest('e2e-slice-a', ['idna', 'colorama; sys_platform == "win32"']),
    'apps/b': manifest('e2e-slice-b', ['words[more]']),
    'apps/c': manifest('e2e-slice-c', ['six']),
    'apps/d': manifest('e2e-slice-d', ['iniconfig', 'six'], explicit),
  };
  return {
    '.python-version': '3.13\n',
    'pyproject.toml': manifest(
      'everything',
      ['six'],
      '\n[dependency-groups]\ndev = ["packaging"]\njob = ["toolz"]\n\n[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n\n[tool.uv.sources]\nwords = { workspace = true }\ncases = { workspace = true }\n',
    ),
    ...Object.fromEntries(Object.entries(services).map(([root, text]) => [`${root}/pyproject.toml`, text])),
    'libs/words/pyproject.toml': manifest(
      'words',
      ['cases'],
      `optional-dependencies = { more = ["idna"] }\n${LIBRARY}`,
    ),
    'libs/words/words/__init__.py': '',
    'libs/cases/pyproject.toml': manifest('cases', ['six'], LIBRARY),
    'libs/cases/cases/__init__.py': '',
    'jobs/job/project.json': '{ "name": "e2e-slice-job" }\n',
    ...Object.fromEntries(
      ['apps/a', 'apps/b', 'apps/c', 'apps/d', 'jobs/job'].flatMap((root) => [
        [`${root}/main.py`, PRINT_INSTALLED],
        [`${root}/docker-python.json`, '{ "version": 1, "command": "python main.py" }\n'],
      ]),
    ),
  };
}

const slice = (root: string, name = 'requirements.lock'): string => `${root}/docker/${name}`;
const SLICES = [
  slice('apps/a'),
  slice('apps/b'),
  slice('apps/c'),
  slice('apps/d', 'pylock.toml'),
  slice('jobs/job'),
];

describe('one uv.lock for several images', () => {
  let workspace: Workspace;
  const lock = (...pins: string[]): Promise<string> =>
    uv(workspace.root, ['lock', ...pins.flatMap((pin) => ['--upgrade-package', pin])]);
  /** Paths that git sees as changed. */
  const changed = async (): Promise<readonly string[]> =>
    (await workspace.run('git', ['status', '--porcelain', '--untracked-files=all'])).output
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(3))
      .sort();
  /** Projects whose image the last commit affects. */
  const affected = async (): Promise<readonly string[]> => {
    const output = await workspace.nx(
      'affected',
      '-t',
      'docker-build',
      '--base=HEAD~1',
      '--outputStyle=static',
    );
    return [
      ...new Set([...output.matchAll(/nx run ([\w-]+):docker-build/g)].map(([, name]) => name!)),
    ].sort();
  };

  beforeAll(async () => {
    // Those of an earlier run would be found by their keys, and nothing built.
    await removeImages('e2e-slice-*');
    workspace = await createWorkspace(NEWEST, files(await realIndex()));
    await lock('idna==3.9', 'packaging==24.1');
    await workspace.nx('sync');
    await workspace.commit('dockerized');
    await workspace.nx('run-many', '-t', 'docker-build', '--parallel=2', '--outputStyle=static');
  }, 10 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-slice-*');
  }, MINUTES);

  it('every image has its slice: extras of libraries, a group of the root, no development tool', () => {
    const packages = SLICES.map((path) =>
      [...workspace.read(path).matchAll(/^(?:([a-z-]+)==\S+|name = "([a-z-]+)")/gm)].map(
        ([, listed, locked]) => listed ?? locked,
      ),
    );
    expect(packages).toEqual([['idna'], ['idna', 'six'], ['six'], ['iniconfig', 'six'], ['six', 'toolz']]);
    for (const path of SLICES) expect(workspace.read(path).match(/sha256/g)!.length).toBeGreaterThan(1);
    expect(workspace.exists(slice('apps/d'))).toBe(false);
  });

  it('installs exactly that, libraries of libraries and packages of an explicit index included', async () => {
    expect(await outputOf('e2e-slice-a')).toMatch(/^e2e-slice-a 1\.0\nidna 3\.9$/);
    expect(await outputOf('e2e-slice-b')).toMatch(
      /^cases 1\.0\ne2e-slice-b 1\.0\nidna 3\.9\nsix \S+\nwords 1\.0$/,
    );
    expect(await outputOf('e2e-slice-d')).toMatch(/^e2e-slice-d 1\.0\niniconfig \S+\nsix \S+$/);
    expect(await outputOf('e2e-slice-job')).toMatch(/^six \S+\ntoolz \S+$/);
  });

  it('sends the slice and neither the lock nor the manifests of others', () => {
    const sent = workspace.read('apps/a/Dockerfile.dockerignore');
    expect(sent).not.toMatch(/uv\.lock|^!pyproject\.toml|apps\/b|libs/m);
    expect(workspace.read('apps/a/Dockerfile')).not.toContain('uv export');
  });

  it('is in sync, and stays as it is', async () => {
    await workspace.nx('sync:check');
    await workspace.nx('sync');
    expect(await changed()).toEqual([]);
  });

  it('a bump of a development tool changes no slice and affects no image', async () => {
    await lock('packaging==24.2');
    await workspace.nx('sync');
    expect(await changed()).toEqual(['uv.lock']);
    await workspace.commit('a newer tool');
    expect(await affected()).toEqual([]);
  });

  it(
    'a bump of what two images install, one through a library, is refused until it is synced',
    async () => {
      await lock('idna==3.10');
      // Without the cache: the image of the slice that is there is still the right one for it.
      const refused = await workspace.failsNx('docker-build', 'e2e-slice-b', '--skip-nx-cache');
      expect(refused).toMatch(/SLICE_STALE: .*apps\/b.*idna 3\.9 -> 3\.10[\s\S]*npx nx sync/);
      const check = await workspace.failsNx('sync:check');
      expect(check).toContain('apps/a/docker/requirements.lock is out of date: idna 3.9 -> 3.10');
      await workspace.nx('sync');
      expect(await changed()).toEqual([slice('apps/a'), slice('apps/b'), 'uv.lock']);
      await workspace.commit('a newer idna');
      expect(await affected()).toEqual(['e2e-slice-a', 'e2e-slice-b']);
      expect(await outputOf('e2e-slice-a')).toContain('idna 3.10');
      expect(await outputOf('e2e-slice-b')).toContain('idna 3.10');
    },
    5 * MINUTES,
  );

  it('another header alone installs nothing again', async () => {
    workspace.write(
      slice('apps/a'),
      workspace.read(slice('apps/a')).replace('what this image installs', 'the part'),
    );
    const output = await workspace.nx('docker-build', 'e2e-slice-a');
    expect(output).toContain('no layer is new');
  });

  it('a slice that somebody edited is refused and left alone; deleted, it comes back', async () => {
    const before = workspace.read(slice('apps/a'));
    const edited = before.replace('idna==3.10', 'idna==3.9');
    workspace.write(slice('apps/a'), edited);
    const build = await workspace.failsNx('docker-build', 'e2e-slice-a');
    expect(build).toMatch(/SLICE_EDITED: [\s\S]*delete apps\/a\/docker\/requirements\.lock/);
    expect(await workspace.nx('sync')).toContain(`${slice('apps/a')}: edited by hand, left alone`);
    expect(workspace.read(slice('apps/a'))).toBe(edited);
    rmSync(join(workspace.root, slice('apps/a')));
    await workspace.nx('sync');
    expect(workspace.read(slice('apps/a')).split('\n').slice(1)).toEqual(before.split('\n').slice(1));
    await workspace.nx('g', 'docker-python:setup', 'e2e-slice-a', '--overwrite');
  });

  it('conflict markers in a slice are resolved by a sync, in the lock by the user', async () => {
    const before = workspace.read(slice('apps/b'));
    workspace.write(slice('apps/b'), `<<<<<<< HEAD\n${before}=======\n>>>>>>> other\n`);
    await workspace.nx('sync');
    expect(workspace.read(slice('apps/b'))).toBe(before);
    const whole = workspace.read('uv.lock');
    workspace.write('uv.lock', `<<<<<<< HEAD\n${whole}=======\n>>>>>>> other\n`);
    const output = await workspace.failsNx('docker-build', 'e2e-slice-b');
    expect(output).toMatch(
      /INVALID_MANIFEST: uv\.lock has the conflict markers of a merge[\s\S]*What to do: /,
    );
    workspace.write('uv.lock', whole);
  });

  it('a manifest that is ahead of the lock is an error that says so', async () => {
    const before = workspace.read('libs/cases/pyproject.toml');
    workspace.write('libs/cases/pyproject.toml', before.replace('"six"', '"six", "toolz"'));
    const output = await workspace.failsNx('docker-build', 'e2e-slice-b');
    expect(output).toMatch(/LOCK_OUT_OF_DATE: [\s\S]*What to do: .*[Ll]ock/);
    expect(await changed()).toEqual(['libs/cases/pyproject.toml']);
    workspace.write('libs/cases/pyproject.toml', before);
  });

  it('so are libraries that need each other: the way round is named, and the graph lives', async () => {
    const before = workspace.read('libs/cases/pyproject.toml');
    workspace.write('libs/cases/pyproject.toml', before.replace('"six"', '"six", "words"'));
    const output = await workspace.failsNx('docker-build', 'e2e-slice-b');
    expect(output).toMatch(
      /LOCAL_PACKAGE_CYCLE: .*libs\/words -> libs\/cases -> libs\/words[\s\S]*What to do: .*library that needs neither/,
    );
    expect(await workspace.nx('show', 'projects')).toContain('e2e-slice-b');
    workspace.write('libs/cases/pyproject.toml', before);
  });

  it('so is a library that the workspace has no more as a member', async () => {
    const before = workspace.read('pyproject.toml');
    workspace.write('pyproject.toml', before.replace('"libs/*"', '"libs/words"'));
    const output = await workspace.failsNx('docker-build', 'e2e-slice-b', '--skip-nx-cache');
    expect(output).toMatch(
      /LOCK_OUT_OF_DATE: .*cases is needed, and is no member of the workspace[\s\S]*What to do: Add its folder to "members"/,
    );
    workspace.write('pyproject.toml', before);
  });

  it('so is a library that is gone though somebody needs it', async () => {
    rmSync(join(workspace.root, 'libs/cases'), { recursive: true });
    const output = await workspace.failsNx('docker-build', 'e2e-slice-b');
    expect(output).toMatch(
      /LOCAL_PACKAGE_MISSING: [\s\S]*libs\/cases[\s\S]*What to do: Bring the folder back/,
    );
  });
});

describe('one lock of Poetry or PDM for projects without a manifest', () => {
  const ROOTS = { 'poetry-flask-group': 'flask', 'pdm-fastapi-task': 'fastapi' } as const;
  const project = (fixture: string): string => `e2e-slice-${fixture.split('-')[0]!}`;
  let workspace: Workspace;

  beforeAll(async () => {
    const index = await realIndex();
    const corpus = fixtures().filter(({ name }) => Object.hasOwn(ROOTS, name));
    const roots = corpus.flatMap((fixture) => {
      const own = Object.entries(filesOf(fixture)).filter(([path]) => /(pyproject\.toml|\.lock)$/.test(path));
      const inside = `${rootOf(fixture)}/services/${project(fixture.name)}`;
      return [
        ...own.map(([path, text]) => [path, text.replaceAll(PLACEHOLDER_INDEX, index)] as const),
        [`${inside}/main.py`, PRINT_INSTALLED] as const,
        [`${inside}/project.json`, JSON.stringify({ name: project(fixture.name) })] as const,
        [`${inside}/docker-python.json`, '{ "version": 1, "command": "python main.py" }\n'] as const,
        // The engine exports, in stages that run it.
        [`${inside}/docker/install-system-packages.sh`, 'echo "$1" >> /etc/hook\n'] as const,
      ];
    });
    workspace = await createWorkspace(NEWEST, Object.fromEntries(roots));
    await workspace.nx('sync');
    await workspace.commit('dockerized');
  }, 5 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages(...Object.keys(ROOTS).map(project));
  }, MINUTES);

  it.each(Object.entries(ROOTS))(
    '%s',
    async (fixture, name) => {
      await workspace.nx('docker-build', project(fixture));
      const listed = workspace.read(slice(`apps/${fixture}/services/${project(fixture)}`));
      const versions = [...listed.matchAll(/^([a-z0-9-]+)==(\S+)/gm)].map(
        ([, each, version]) => `${each!} ${version!}`,
      );
      expect(listed).toMatch(new RegExp(`^${name}==`, 'm'));
      const installed = (await outputOf(project(fixture))).toLowerCase().replaceAll('_', '-').split('\n');
      expect(installed.filter((line) => !line.startsWith('e2e-slice')).sort()).toEqual(versions.sort());
      expect(await docker('run', '--rm', project(fixture), 'cat', '/etc/hook')).toBe('runtime');
    },
    5 * MINUTES,
  );

  it.each(Object.keys(ROOTS))(
    '%s: conflict markers in the lock are an error that says so',
    async (fixture) => {
      const lock = `apps/${fixture}/${fixture.split('-')[0]!}.lock`;
      const whole = workspace.read(lock);
      workspace.write(lock, `<<<<<<< HEAD\n${whole}=======\n>>>>>>> other\n`);
      const output = await workspace.failsNx('docker-build', project(fixture), '--skip-nx-cache');
      expect(output).toContain(`INVALID_MANIFEST: ${lock} has the conflict markers of a merge`);
      expect(output).toContain('What to do: ');
      workspace.write(lock, whole);
    },
  );
});
