import { join } from 'node:path';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { IN_SYNC, createWorkspace, type Workspace } from './harness/workspace';

describe('managed files', () => {
  const dockerfile = 'apps/e2e-sync/Dockerfile';
  let workspace: Workspace;

  beforeAll(async () => {
    // Those of an earlier run would be found by their keys, and nothing built.
    await removeImages('e2e-sync');
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', 'e2e-sync');
    await workspace.commit('example');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-sync');
  });

  it('are in sync after setup', async () => {
    expect(await workspace.nx('sync:check')).toMatch(IN_SYNC);
  });

  it('follow the settings: sync:check finds it, docker-build refuses it on CI, sync mends it', async () => {
    workspace.write(
      'apps/e2e-sync/docker-python.json',
      JSON.stringify({ version: 1, port: 9000, env: { GREETING: 'hi' } }),
    );
    const check = await workspace.tryNx('sync:check');
    expect(check.exitCode).not.toBe(0);
    expect(check.output).toContain(`${dockerfile} is out of date`);
    const build = await workspace.tryNx('docker-build', 'e2e-sync');
    expect(build.exitCode).not.toBe(0);
    expect(build.output).toMatch(/MANAGED_FILE_STALE: .*Dockerfile[\s\S]*nx sync/);
    const byHand = await workspace.nx('g', 'docker-python:sync', '--dry-run');
    expect(byHand).toContain(`UPDATE ${dockerfile}`);
    expect(await workspace.nx('g', 'docker-python:sync')).toContain(`${dockerfile} is out of date`);
    await workspace.nx('sync:check');
    expect(workspace.read(dockerfile)).toContain('EXPOSE 9000');
    expect(workspace.read(dockerfile)).toContain('ENV GREETING="hi"');
    await workspace.nx('docker-build', 'e2e-sync');
    await workspace.commit('another port');
  });

  it('of a project that is broken fail on CI, and stop nobody on a machine of somebody', async () => {
    const settings = workspace.read('apps/e2e-sync/docker-python.json');
    workspace.write('apps/e2e-sync/docker-python.json', '{ "version": 1, "prot": 9000 }');
    const reason = /e2e-sync is left as it is\. UNKNOWN_SETTING: [\s\S]*What to do: Did you mean "port"\?/;
    const check = await workspace.tryNx('sync:check');
    expect(check).toMatchObject({ exitCode: 1, output: expect.stringMatching(reason) as string });
    const nx = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
    const local = await workspace.run(process.execPath, [nx, 'sync:check'], { CI: 'false' });
    expect(local).toMatchObject({ exitCode: 0, output: expect.stringMatching(reason) as string });
    workspace.write('apps/e2e-sync/docker-python.json', settings);
  });

  it('follow the manifests: a requirements file that is split in two', async () => {
    const list = workspace.read('apps/e2e-sync/requirements.txt');
    workspace.write('requirements/shared.txt', list);
    workspace.write('apps/e2e-sync/requirements.txt', '-r ../../requirements/shared.txt\n');
    await workspace.nx('sync');
    expect(workspace.read(`${dockerfile}.dockerignore`)).toContain('!requirements/shared.txt');
    await workspace.nx('docker-build', 'e2e-sync');
    await workspace.commit('shared list');
    // The shared list is an input although it belongs to no project.
    workspace.write('requirements/shared.txt', `${list}\n# a comment changes the hash, and no layer\n`);
    const output = await workspace.nx('docker-build', 'e2e-sync');
    expect(output).not.toContain('read the output from the cache');
    expect(output).toContain('no layer is new');
  });

  it('stay as they are when somebody edited them, and still build', async () => {
    workspace.write(
      dockerfile,
      workspace.read(dockerfile).replace('EXPOSE 9000', 'EXPOSE 9000\nLABEL edited="by hand"'),
    );
    const edited = workspace.read(dockerfile);
    await workspace.commit('edited');
    workspace.write('apps/e2e-sync/docker-python.json', JSON.stringify({ version: 1, port: 9100 }));
    expect(await workspace.nx('sync')).toContain(`${dockerfile}: edited by hand, left alone`);
    expect(workspace.read(dockerfile)).toBe(edited);
    expect(await workspace.nx('g', 'docker-python:setup', 'e2e-sync')).toContain(
      'edited by hand, left alone',
    );
    expect(workspace.read(dockerfile)).toBe(edited);
    expect(await workspace.nx('docker-build', 'e2e-sync')).toContain(
      'built as found, since it is edited or not ours: apps/e2e-sync/Dockerfile;',
    );
    expect(
      await docker('image', 'inspect', '--format', '{{index .Config.Labels "edited"}}', 'e2e-sync'),
    ).toBe('by hand');
  });

  it('are replaced on request', async () => {
    await workspace.nx('g', 'docker-python:setup', 'e2e-sync', '--overwrite');
    expect(workspace.read(dockerfile)).not.toContain('by hand');
    expect(workspace.read(dockerfile)).toContain('EXPOSE 9100');
  });
});
