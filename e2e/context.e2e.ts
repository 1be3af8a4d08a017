import { contextFiles } from '../packages/docker-python/src/build/context-files';
import { NEWEST } from '../tools/workspace/nx-versions';
import { removeImages } from './harness/docker';
import { received } from './harness/received';
import { createWorkspace, type Workspace } from './harness/workspace';

describe('what is sent', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages('e2e-context');
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', 'e2e-context');
    const root = 'apps/e2e-context';
    workspace.write(`${root}/.gitignore`, '*.sqlite3\n/scratch/\n*.py[cod]\n!keep.sqlite3\nlogs/\n');
    for (const path of [
      'db.sqlite3',
      'scratch/a.py',
      'pkg/logs/x.log',
      '.env',
      '.env.local',
      'pkg/.env',
      'node_modules/x/i.js',
    ]) {
      workspace.write(`${root}/${path}`, 'not sent');
    }
    for (const path of [
      'keep.sqlite3',
      'pkg/with space.txt',
      'pkg/größe.txt',
      'pkg/[id].txt',
      'pkg/deep/er/data.json',
    ]) {
      workspace.write(`${root}/${path}`, 'sent');
    }
    workspace.write('unrelated/large.bin', 'x'.repeat(30_000_000));
    workspace.write('.dockerignore', '*.py\n');
    await workspace.nx('sync');
    await workspace.commit('files of all kinds');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-context');
  });

  it('is exactly what the content key is made of, and nothing else', async () => {
    const ignore = workspace.read('apps/e2e-context/Dockerfile.dockerignore');
    const keyed = contextFiles(workspace.root, ignore, new Set(), new Set()).map(({ path }) => path);
    expect(keyed).toEqual(await received(workspace, 'apps/e2e-context'));
    expect(keyed.map((path) => path.replace('apps/e2e-context/', ''))).toEqual(
      expect.arrayContaining([
        'app.py',
        'keep.sqlite3',
        'pkg/with space.txt',
        'pkg/größe.txt',
        'pkg/[id].txt',
        'pkg/deep/er/data.json',
      ]),
    );
    expect(keyed.join('\n')).not.toMatch(
      /\.env|scratch|logs|node_modules|unrelated|tests|README|db\.sqlite3/,
    );
  });

  it('is what Nx hashes: the build checks it and passes', async () => {
    await workspace.nx('docker-build', 'e2e-context');
  });

  it('and a file that git ignores behind the back of the managed file is an error that names it', async () => {
    workspace.write('.git/info/exclude', 'hidden.py\n');
    workspace.write('apps/e2e-context/hidden.py', 'X = 1\n');
    const { exitCode, output } = await workspace.tryNx('docker-build', 'e2e-context', '--skip-nx-cache');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/CONTEXT_MISMATCH: apps\/e2e-context\/hidden\.py/);
    workspace.write('.git/info/exclude', '');
    await workspace.run('rm', ['apps/e2e-context/hidden.py']);
  });

  it('and a link to a folder is an error that says so, and what to do', async () => {
    await workspace.run('ln', ['-s', 'pkg', 'apps/e2e-context/alias']);
    await workspace.commit('a link');
    const { exitCode, output } = await workspace.tryNx('docker-build', 'e2e-context', '--skip-nx-cache');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/CONTEXT_MISMATCH: apps\/e2e-context\/alias[\s\S]* is a symbolic link to pkg/);
    expect(output).toContain('"exclude": ["alias"]');
  });
});
