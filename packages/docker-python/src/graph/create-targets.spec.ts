import childProcess from 'node:child_process';
import type { CreateNodesContext, TargetConfiguration } from '@nx/devkit';
import { FLASK } from '../testing/projects';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { uvWorkspace } from '../testing/uv-workspaces';
import type { PluginOptions } from '../settings/schema';
import { createTargets } from './create-targets';

interface Inferred {
  readonly name: string | undefined;
  readonly targets: Readonly<Record<string, TargetConfiguration>>;
}

/** What the graph learns of the project in apps/api. */
async function infer(
  files: Readonly<Record<string, string>>,
  options?: PluginOptions,
  root = 'apps/api',
): Promise<Inferred> {
  const workspaceRoot = tempFolder();
  const place = (path: string): string =>
    path.startsWith('/') ? path.slice(1) : root === '.' ? path : `${root}/${path}`;
  writeFiles(
    workspaceRoot,
    Object.fromEntries(Object.entries(files).map(([path, text]) => [place(path), text])),
  );
  const settings = place('docker-python.json');
  const context: CreateNodesContext = { workspaceRoot, nxJsonConfiguration: {} };
  const [[file, result]] = (await createTargets([settings], options, context)) as [
    [string, { projects: Record<string, Inferred> }],
  ];
  expect(file).toBe(settings);
  const { name, targets } = result.projects[root]!;
  return { name, targets };
}

const NAMED = { ...FLASK, 'project.json': '{"name":"api"}', 'docker-python.json': '{"version":1}' };
const build = async (
  files: Readonly<Record<string, string>>,
  options?: PluginOptions,
  root?: string,
): Promise<TargetConfiguration> => (await infer(files, options, root)).targets['docker-build']!;

describe('inputs of projects that differ in their folder alone', () => {
  const inputsOf = async (
    files: Readonly<Record<string, string>>,
    roots: readonly string[],
  ): Promise<readonly unknown[]> => {
    const workspaceRoot = tempFolder();
    writeFiles(workspaceRoot, files);
    const matched = roots.map((root) => `${root}/docker-python.json`);
    const projects = await createTargets(matched, undefined, { workspaceRoot, nxJsonConfiguration: {} });
    return roots.map((root) =>
      projects.flatMap(([, result]) => result.projects?.[root]?.targets?.['docker-build']?.inputs ?? []),
    );
  };
  const app = (root: string, settings: object = {}): Record<string, string> => ({
    [`${root}/requirements.txt`]: '-e ../../libs/a\n',
    [`${root}/app.py`]: '',
    [`${root}/docker-python.json`]: JSON.stringify({ version: 1, ...settings }),
  });
  const LIBRARY = '[project]\nname = "a"\nversion = "1"\n';

  it('are the same', async () => {
    const files = { ...app('apps/x'), ...app('apps/y'), 'libs/a/pyproject.toml': LIBRARY };
    const [x, y] = await inputsOf(files, ['apps/x', 'apps/y']);
    expect(x).toEqual(y);
    expect(x).toEqual(expect.arrayContaining(['{projectRoot}/**/*', '{workspaceRoot}/libs/a/**/*']));
  });

  it('are their own where settings name files', async () => {
    const files = {
      ...app('apps/x', { include: ['{workspaceRoot}/apps/y/data/**'] }),
      ...app('apps/y', { include: ['{workspaceRoot}/apps/y/data/**'] }),
      'libs/a/pyproject.toml': LIBRARY,
    };
    const [x, y] = await inputsOf(files, ['apps/x', 'apps/y']);
    expect(x).toContain('{workspaceRoot}/apps/y/data/**/*');
    expect(y).toContain('{projectRoot}/data/**/*');
  });

  it('are their own where a library lies in the project, or around it', async () => {
    const inside = { 'apps/x/own/pyproject.toml': LIBRARY, 'apps/y/own/pyproject.toml': LIBRARY };
    const lists = { 'apps/x/requirements.txt': '-e ./own\n', 'apps/y/requirements.txt': '-e ./own\n' };
    const files = { ...app('apps/x'), ...app('apps/y'), ...inside, ...lists };
    const [x, y] = await inputsOf(files, ['apps/x', 'apps/y']);
    expect(x).toContain('{projectRoot}/own/**/*');
    expect(y).toContain('{projectRoot}/own/**/*');
    expect(JSON.stringify(y)).not.toContain('apps/x');
  });
});

describe('the target docker-build', () => {
  it('is cached, has one output without the machine in it, and is kept in sync', async () => {
    expect(await build(NAMED)).toMatchObject({
      executor: 'docker-python:docker-build',
      cache: true,
      outputs: ['{workspaceRoot}/dist/docker-python/{projectRoot}/image.{options.stage}.json'],
      options: { stage: 'runtime' },
      syncGenerators: ['docker-python:sync'],
    });
  });

  it('has the slice of a shared lock as an input, not the lock nor manifests of others', async () => {
    const files = uvWorkspace([
      { name: 'api', version: '1', folder: 'apps/api', needs: [{ name: 'words' }, { name: 'idna' }] },
      { name: 'shop', version: '1', folder: 'apps/shop', needs: [{ name: 'idna' }] },
      { name: 'words', version: '1', folder: 'libs/words', needs: [] },
      { name: 'idna', version: '3.10', needs: [] },
    ]);
    const inWorkspace = Object.entries(files).map(([path, text]) => [`/${path}`, text] as const);
    const target = await build({ ...Object.fromEntries(inWorkspace), 'docker-python.json': '{"version":1}' });
    const named = target.inputs!.filter((input): input is string => typeof input === 'string');
    expect(named).toContain('{projectRoot}/**/*');
    expect(named.filter((input) => input.startsWith('{workspaceRoot}'))).toEqual([
      '{workspaceRoot}/libs/words/**/*',
      '{workspaceRoot}/libs/words/pyproject.toml',
    ]);
  });

  it('has the selection, settings and managed files as inputs, and what else decides the image', async () => {
    const inputs = (await build(NAMED)).inputs!;
    expect(inputs).toEqual(
      expect.arrayContaining<unknown>([
        '{projectRoot}/**/*',
        '{projectRoot}/docker-python.json',
        '{projectRoot}/Dockerfile',
        '{projectRoot}/Dockerfile.dockerignore',
        '!{projectRoot}/**/tests/**/*',
        '!{projectRoot}/README*',
        { env: 'DOCKER_PYTHON_IMAGE' },
        { runtime: 'node -p process.arch' },
        { externalDependencies: [] },
      ]),
    );
    expect(inputs).not.toContain('!{projectRoot}/docker-python.json');
    expect(inputs).not.toContain('!{projectRoot}/Dockerfile*');
  });

  it('has the chain of requirements files as inputs, wherever they are', async () => {
    const chain = {
      ...NAMED,
      'requirements.txt': '-r ../../shared/base.txt\n',
      '/shared/base.txt': FLASK['requirements.txt']!,
    };
    expect((await build(chain)).inputs).toContain('{workspaceRoot}/shared/base.txt');
  });

  it('follows include and exclude', async () => {
    const settings = JSON.stringify({
      version: 1,
      include: ['{workspaceRoot}/config'],
      exclude: ['*.ipynb'],
    });
    const inputs = (await build({ ...NAMED, 'docker-python.json': settings })).inputs!;
    expect(inputs).toEqual(expect.arrayContaining(['{workspaceRoot}/config/**/*', '!{projectRoot}/*.ipynb']));
  });

  it('depends on the architecture only where no platform is named, here or in nx.json', async () => {
    const architecture = { runtime: 'node -p process.arch' };
    const named = { ...NAMED, 'docker-python.json': '{"version":1,"platforms":["linux/amd64"]}' };
    expect((await build(named)).inputs).not.toContainEqual(architecture);
    expect((await build(NAMED, { defaults: { platforms: ['linux/amd64'] } })).inputs).not.toContainEqual(
      architecture,
    );
  });

  it('has options, outputs and metadata that are the same in every checkout and at every time', async () => {
    const [first, second] = [await build(NAMED), await build(NAMED)];
    expect(second).toEqual(first);
    expect(JSON.stringify(first)).not.toContain(tempFolder().slice(0, -6));
    expect(first.metadata?.technologies).not.toContain('docker');
  });

  it('has the name that nx.json gives it', async () => {
    expect(Object.keys((await infer(NAMED, { targets: { build: 'image' } })).targets)).toContain('image');
  });

  it('of the workspace itself', async () => {
    const target = await build(NAMED, undefined, '.');
    expect(target.outputs).toEqual(['{workspaceRoot}/dist/docker-python/image.{options.stage}.json']);
    expect(target.inputs).toContain('{projectRoot}/**/*');
  });
});

describe('the name of a project', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['is left to project.json', { 'project.json': '{"name":"x"}' }, undefined],
    ['is left to package.json', { 'package.json': '{"name":"x"}' }, undefined],
    ['is that of the distribution', { 'pyproject.toml': '[project]\nname = "My_Shop"\n' }, 'my-shop'],
    ['is that of the folder', {}, 'api'],
    ['is that of the folder where the manifest is broken', { 'pyproject.toml': '[project\n' }, 'api'],
  ])('%s', async (_, files, name) => {
    expect((await infer({ ...FLASK, 'docker-python.json': '{"version":1}', ...files })).name).toBe(name);
  });

  it('is never empty or a dot', async () => {
    const broken = { 'docker-python.json': '{}', 'pyproject.toml': '[project\n' };
    expect((await infer(broken, undefined, '.')).name).toMatch(/^\w/);
  });
});

describe('the graph stays whole', () => {
  it.each<[string, Record<string, string>]>([
    ['settings that are no JSON', { 'docker-python.json': '{' }],
    ['settings that are no object', { 'docker-python.json': '[1]' }],
    ['settings that are null', { 'docker-python.json': 'null' }],
    [
      'settings of wrong kinds',
      { 'docker-python.json': '{"include":5,"exclude":{"a":1},"manager":[],"extras":"x"}' },
    ],
    ['a pattern outside of the language', { 'docker-python.json': '{"exclude":["{a}"]}' }],
    ['a broken manifest', { 'pyproject.toml': '[project\n', 'uv.lock': 'x' }],
    ['requirements that are not there', { 'requirements.txt': '-r gone.txt\n' }],
    ['no Python at all', { 'requirements.txt': '', 'app.py': '' }],
  ])('with %s', async (_, files) => {
    const target = await build({ ...NAMED, ...files });
    expect(target.inputs).toContain('{projectRoot}/**/*');
  });

  it('and starts no process', async () => {
    const spies = (
      ['spawn', 'spawnSync', 'exec', 'execFile', 'execSync', 'execFileSync', 'fork'] as const
    ).map((name) => jest.spyOn(childProcess, name));
    await build(NAMED);
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
    for (const spy of spies) spy.mockRestore();
  });
});
