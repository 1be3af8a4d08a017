import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { NEWEST } from '../tools/workspace/nx-versions';
import { removeImages } from './harness/docker';
import { nodeProgram } from './harness/node-program';
import { pythonJob } from './harness/python-job';
import { createWorkspace, IN_SYNC, NOWHERE, type Workspace } from './harness/workspace';

/** Newer ones than the oldest that is promised, which the other files are run with where nobody has a newer one. */
describe.each([22, 24])('on Node %i', (major) => {
  const name = `e2e-node-${major}`;
  let node: string;
  let registry: RunningRegistry;
  let workspace: Workspace;

  const nx = async (...argv: string[]): Promise<string> => {
    const program = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
    const env = { ...NOWHERE, DOCKER_PYTHON_REGISTRY: registry.host };
    const { exitCode, output } = await workspace.run(node, [program, ...argv], env);
    if (exitCode !== 0) throw new Error(`nx ${argv.join(' ')} failed:\n${output}`);
    // Deprecations of Node are for us, and users would see them.
    expect(output).not.toContain('DeprecationWarning');
    return output;
  };
  const push = (): Promise<string> => nx('run-many', '-t', 'push', '--output-style=static');

  beforeAll(async () => {
    node = await nodeProgram(major);
    registry = await startRegistry();
    workspace = await createWorkspace(NEWEST, pythonJob(name));
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(`${registry.host}/${name}`);
    await registry.stop();
  });

  it('is the Node that Nx and its tasks run on', async () => {
    expect(await nx('report')).toMatch(new RegExp(`^Node +: +${major}\\.`, 'm'));
  });

  it('a project is set up, built, tested and pushed', async () => {
    await nx('g', 'docker-python:setup', name);
    await workspace.commit('dockerized');
    expect(await nx('sync:check')).toMatch(IN_SYNC);
    const output = await push();
    expect(output).toContain('built, first image of this checkout');
    expect(output).toContain('tags set: latest');
  });

  it('what the registry has is neither built nor sent again', async () => {
    await removeImages(`${registry.host}/${name}`);
    for (const folder of ['dist', '.nx/cache', '.nx/workspace-data'])
      rmSync(join(workspace.root, folder), { recursive: true, force: true });
    const output = await push();
    expect(output).toContain('unchanged: the registry has the image of exactly these sources');
    expect(output).toContain('no tag had to move');
  });
});
