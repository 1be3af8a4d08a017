import type { Tree } from '@nx/devkit';
import { FLASK } from '../../testing/projects';
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

  it("lets a broken project stand in nobody's way", async () => {
    const tree = await dockerized(['api', 'shop']);
    const before = tree.read('apps/api/Dockerfile', 'utf-8');
    tree.write('apps/api/docker-python.json', '{');
    tree.write('apps/shop/.python-version', '3.12\n');
    const result = await sync(tree);
    expect(tree.read('apps/api/Dockerfile', 'utf-8')).toBe(before);
    expect(tree.read('apps/shop/Dockerfile', 'utf-8')).toContain('FROM python:3.12');
    expect(result?.outOfSyncDetails.join('\n')).toMatch(/^api: .*not valid JSON/m);
  });

  it('leaves projects without settings alone', async () => {
    const tree = workspaceTree();
    const before = filesOf(tree);
    await sync(tree);
    expect(filesOf(tree)).toEqual(before);
  });
});
