import { logger, updateNxJson, type Tree } from '@nx/devkit';
import { FLASK } from '../../testing/projects';
import { writeFiles } from '../../testing/temp-folder';
import { treeOnDisk, filesOf, quietly, workspaceTree } from '../../testing/workspace';
import setup from '../setup/generator';
import sync from './generator';

/** A workspace in which everything is in sync. */
async function dockerized(projects: readonly string[] = ['api']): Promise<Tree> {
  const tree = workspaceTree(Object.fromEntries(projects.map((name) => [name, FLASK])));
  for (const project of projects) await quietly(() => setup(tree, { project }));
  return treeOnDisk(filesOf(tree));
}

describe('sync', () => {
  it('says nothing where everything is in sync', async () => {
    expect(await sync(await dockerized(['api', 'shop']))).toBeUndefined();
  });

  it('follows the settings and names the files', async () => {
    const tree = await dockerized();
    tree.write('apps/api/docker-python.json', '{"version":1,"env":{"ADDED":"1"}}');
    const result = await sync(tree);
    expect(tree.read('apps/api/Dockerfile', 'utf-8')).toContain('ADDED');
    expect(result?.outOfSyncDetails).toEqual(['apps/api/Dockerfile is out of date']);
  });

  it('does the same by hand, where Nx calls whatever it gets back', async () => {
    const tree = await dockerized();
    tree.write('apps/api/docker-python.json', '{"version":1,"env":{"ADDED":"1"}}');
    expect((await quietly(() => sync(tree, {}))).value).toBeUndefined();
    expect(tree.read('apps/api/Dockerfile', 'utf-8')).toContain('ADDED');
  });

  it('follows the manifests', async () => {
    const tree = await dockerized();
    tree.write('apps/api/.python-version', '3.12\n');
    await sync(tree);
    expect(tree.read('apps/api/Dockerfile', 'utf-8')).toContain('FROM python:3.12');
  });

  it('writes a managed file that is gone', async () => {
    const tree = await dockerized();
    const before = tree.read('apps/api/Dockerfile.dockerignore', 'utf-8');
    tree.delete('apps/api/Dockerfile.dockerignore');
    await sync(tree);
    expect(tree.read('apps/api/Dockerfile.dockerignore', 'utf-8')).toBe(before);
  });

  it('leaves an edited file alone and reports it beside what it changed', async () => {
    const tree = await dockerized(['api', 'shop']);
    const edited = `${tree.read('apps/api/Dockerfile', 'utf-8')}# mine\n`;
    tree.write('apps/api/Dockerfile', edited);
    tree.write('apps/shop/.python-version', '3.12\n');
    const result = await sync(tree);
    expect(tree.read('apps/api/Dockerfile', 'utf-8')).toBe(edited);
    expect(result?.outOfSyncDetails).toContain('apps/api/Dockerfile: edited by hand, left alone');
    expect(result?.outOfSyncDetails).toContain('apps/shop/Dockerfile is out of date');
  });

  describe('a broken project', () => {
    const BROKEN = /^api is left as it is\. INVALID_SETTINGS: .*not valid JSON.*\n\nWhat to do: /m;
    const broken = async (): Promise<Tree> => {
      const tree = await dockerized(['api', 'shop']);
      writeFiles(tree.root, { 'apps/api/docker-python.json': '{' });
      return tree;
    };

    it.each([{}, { CI: 'true' }])(
      "stands in nobody's way, and is named in what Nx prints: %j",
      async (env) => {
        const tree = await broken();
        const before = tree.read('apps/api/Dockerfile', 'utf-8');
        tree.write('apps/shop/.python-version', '3.12\n');
        const result = await sync(tree, undefined, env);
        expect(tree.read('apps/api/Dockerfile', 'utf-8')).toBe(before);
        expect(tree.read('apps/shop/Dockerfile', 'utf-8')).toContain('FROM python:3.12');
        expect(result?.outOfSyncMessage).toMatch(BROKEN);
      },
    );

    it.each([{ CI: 'true' }, { CI: '1' }, { TF_BUILD: 'true' }])(
      'fails where nothing else is to do on CI: %j',
      async (env) => {
        const tree = await broken();
        await expect(sync(tree, undefined, env)).rejects.toMatchObject({
          message: expect.stringMatching(BROKEN) as string,
          stack: expect.not.stringContaining(' at ') as string,
        });
      },
    );

    it.each([{}, { CI: 'false' }, { CI: '' }])(
      'is said, and no error, on a machine of somebody: %j',
      async (env) => {
        const info = jest.spyOn(logger, 'info').mockImplementation();
        expect(await sync(await broken(), undefined, env)).toBeUndefined();
        const printed = info.mock.calls.join('\n');
        info.mockRestore();
        expect(printed).toMatch(BROKEN);
      },
    );
  });

  it('says what to do about options in nx.json, where all of it stops', async () => {
    const tree = await dockerized();
    updateNxJson(tree, { plugins: [{ plugin: 'docker-python', options: { defaults: { registri: 'x' } } }] });
    await expect(sync(tree)).rejects.toThrow(
      /^UNKNOWN_SETTING: [\s\S]*What to do: Did you mean "registry"\?/,
    );
  });

  it('leaves projects without settings alone', async () => {
    const tree = workspaceTree();
    const before = filesOf(tree);
    await sync(tree);
    expect(filesOf(tree)).toEqual(before);
  });
});
