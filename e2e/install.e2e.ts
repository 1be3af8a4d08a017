import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../tools/shell';
import { NEWEST, NX_VERSIONS } from '../tools/workspace/nx-versions';
import { bareWorkspace, type BareWorkspace, type PackageManager } from './harness/bare-workspace';
import { TRUST } from './harness/docker';
import { startNpmRegistry, type NpmRegistry } from './harness/npm-registry';
import { OLD_SENTENCE, olderVersion } from './harness/older-version';
import { commandBlocks } from './harness/pages';
import { IN_SYNC } from './harness/workspace';

/** Own dependencies, few and light: what they may weigh beside Nx. */
const MOST_MEGABYTES = 25;
const MOST_PACKAGES = 45;

/** The page that this follows, block by block. */
const [ADD, DEVKIT, INIT, MIGRATE, REMOVE, ...NEW] = commandBlocks('docs/installing.md').map(
  ({ text }) => text,
);

const [OLDEST, MIDDLE] = NX_VERSIONS;
const KINDS: readonly (readonly [nx: string, manager: PackageManager, before: string])[] = [
  [OLDEST.nx, 'npm', DEVKIT!],
  [MIDDLE.nx, 'npm', ''],
  [NEWEST.nx, 'npm', ''],
  [NEWEST.nx, 'pnpm', ''],
];

/** What a reader types. */
const type = (workspace: BareWorkspace, block: string): Promise<string> =>
  workspace.run('bash', '-euo', 'pipefail', '-c', block);

describe('installation', () => {
  let registry: NpmRegistry;

  beforeAll(async () => {
    registry = await startNpmRegistry([await olderVersion('0.0.1')]);
  });

  afterAll(() => registry.stop());

  it('has a page all of whose commands are followed here', () => {
    expect([ADD, INIT, MIGRATE, REMOVE].map((block) => typeof block)).toEqual(Array(4).fill('string'));
    expect(NEW).toEqual([]);
    expect(DEVKIT).toContain(`@nx/devkit@${OLDEST.devkit}`);
  });

  it.each(KINDS)(
    'nx add works with Nx %s and %s, in a workspace without TypeScript',
    async (nx, manager, before) => {
      const workspace = await bareWorkspace({ nx }, manager, registry.url);
      try {
        await type(workspace, before);
        const light = workspace.footprint();
        await type(workspace, ADD!);
        const { bytes, packages } = workspace.footprint();
        const megabytes = (bytes - light.bytes) / 1e6;
        process.stderr.write(
          `docker-python with Nx ${nx}, ${manager}: ${packages - light.packages} packages, ${megabytes.toFixed(1)} MB beside Nx\n`,
        );
        expect(megabytes).toBeLessThan(MOST_MEGABYTES);
        expect(packages - light.packages).toBeLessThan(MOST_PACKAGES);
        expect(JSON.parse(workspace.read('nx.json'))).toMatchObject({
          plugins: [{ plugin: 'docker-python', options: {} }],
        });
        // pnpm keeps what others require in a folder of its own.
        const modules = ['node_modules', 'node_modules/.pnpm'].map((folder) => join(workspace.root, folder));
        const installed = modules.filter(existsSync).flatMap((folder) => readdirSync(folder));
        expect(installed.filter((name) => /^typescript(@|$)/.test(name))).toEqual([]);
        // The generator that nx add has run changes nothing the second time.
        await workspace.commit('added');
        await type(workspace, INIT!);
        expect(await workspace.run('git', 'status', '--porcelain')).toBe('');
        await workspace.nx('g', 'docker-python:example', 'hello');
        expect(await workspace.nx('show', 'project', 'hello', '--json')).toContain(
          'docker-python:docker-build',
        );
      } finally {
        workspace.remove();
      }
    },
  );

  describe('an older version', () => {
    let workspace: BareWorkspace;
    const dockerfile = (name: string): string => `apps/${name}/Dockerfile`;

    beforeAll(async () => {
      workspace = await bareWorkspace({ nx: NEWEST.nx }, 'npm', registry.url);
      await workspace.nx('add', 'docker-python@0.0.1');
      for (const name of ['hello', 'edited']) await workspace.nx('g', 'docker-python:example', name);
      await workspace.nx('g', 'docker-python:ci', '--provider=github', '--schedule=daily');
      workspace.write(dockerfile('edited'), `${workspace.read(dockerfile('edited'))}# by hand\n`);
      await workspace.commit('two services of an older version');
    });

    afterAll(() => workspace.remove());

    it('has rendered the managed files', () => {
      expect(JSON.parse(workspace.read('package.json'))).toMatchObject({
        devDependencies: { 'docker-python': expect.stringContaining('0.0.1') as string },
      });
      expect(workspace.read(dockerfile('hello'))).toContain(OLD_SENTENCE);
    });

    it('is migrated: managed files are rendered again, and edited ones named', async () => {
      const output = await type(workspace, MIGRATE!);
      expect(workspace.read('migrations.json')).toContain('update-projects');
      expect(output).toContain(`${dockerfile('edited')} was edited by hand`);
      expect(output).toContain('run "nx g docker-python:ci --provider=github --schedule=daily"');
      expect(workspace.read(dockerfile('hello'))).not.toContain(OLD_SENTENCE);
      expect(workspace.read(dockerfile('edited'))).toContain('# by hand');
      await workspace.commit('migrated');
      expect(await workspace.nx('sync:check')).toMatch(IN_SYNC);
    });

    it('and removed again as the page says; what was written builds without it', async () => {
      await type(workspace, REMOVE!);
      expect(workspace.read('nx.json')).not.toContain('docker-python');
      expect(workspace.read('package.json')).not.toContain('docker-python');
      expect(existsSync(join(workspace.root, 'node_modules/docker-python'))).toBe(false);
      expect(await workspace.nx('show', 'projects')).toContain('hello');
      const build = await attempt(
        'docker',
        ['buildx', 'build', '--provenance=false', TRUST, '-f', dockerfile('hello'), '.'],
        {
          cwd: workspace.root,
        },
      );
      expect(build).toMatchObject({ ok: true });
    });
  });
});
