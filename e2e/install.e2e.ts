import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../tools/shell';
import { NEWEST, NX_VERSIONS } from '../tools/workspace/nx-versions';
import { bareWorkspace, type BareWorkspace, type PackageManager } from './harness/bare-workspace';
import { startNpmRegistry, type NpmRegistry } from './harness/npm-registry';
import { OLD_SENTENCE, olderVersion } from './harness/older-version';

/** Own dependencies, few and light: what they may weigh beside Nx. */
const MOST_MEGABYTES = 25;
const MOST_PACKAGES = 45;

/** With Nx 22, npm has to be told the version of `@nx/devkit`, as docs/installing.md says. */
const [OLDEST, MIDDLE] = NX_VERSIONS;
const KINDS: readonly (readonly [string, PackageManager, Readonly<Record<string, string>>])[] = [
  [OLDEST.nx, 'npm', { nx: OLDEST.nx, '@nx/devkit': OLDEST.devkit }],
  [MIDDLE.nx, 'npm', { nx: MIDDLE.nx }],
  [NEWEST.nx, 'npm', { nx: NEWEST.nx }],
  [NEWEST.nx, 'pnpm', { nx: NEWEST.nx }],
];

describe('installation', () => {
  let registry: NpmRegistry;

  beforeAll(async () => {
    registry = await startNpmRegistry([await olderVersion('0.0.1')]);
  });

  afterAll(() => registry.stop());

  it.each(KINDS)(
    'nx add works with Nx %s and %s, in a workspace without TypeScript',
    async (nx, manager, present) => {
      const workspace = await bareWorkspace(present, manager, registry.url);
      try {
        const before = workspace.footprint();
        await workspace.nx('add', 'docker-python');
        const { bytes, packages } = workspace.footprint();
        const megabytes = (bytes - before.bytes) / 1e6;
        process.stderr.write(
          `docker-python with Nx ${nx}, ${manager}: ${packages - before.packages} packages, ${megabytes.toFixed(1)} MB beside Nx\n`,
        );
        expect(megabytes).toBeLessThan(MOST_MEGABYTES);
        expect(packages - before.packages).toBeLessThan(MOST_PACKAGES);
        expect(JSON.parse(workspace.read('nx.json'))).toMatchObject({
          plugins: [{ plugin: 'docker-python', options: {} }],
        });
        expect(existsSync(join(workspace.root, 'node_modules/typescript'))).toBe(false);
        // The generator that nx add has run changes nothing the second time.
        await workspace.commit('added');
        await workspace.nx('g', 'docker-python:init');
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
      await workspace.nx('migrate', 'docker-python');
      expect(workspace.read('migrations.json')).toContain('update-projects');
      await workspace.run('npm', 'install', '--no-audit', '--no-fund');
      const output = await workspace.nx('migrate', '--run-migrations');
      expect(output).toContain(`${dockerfile('edited')} was edited by hand`);
      expect(workspace.read(dockerfile('hello'))).not.toContain(OLD_SENTENCE);
      expect(workspace.read(dockerfile('edited'))).toContain('# by hand');
      await workspace.commit('migrated');
      expect(await workspace.nx('sync:check')).toMatch(/in sync|up to date/i);
    });

    it('and removed again as the page says; what was written builds without it', async () => {
      const page = readFileSync(join(__dirname, '../docs/installing.md'), 'utf8');
      const [, uninstall] = /## Removing it[\s\S]*?```text\n([\s\S]*?)```/.exec(page)!;
      const { ok, output } = await attempt('bash', ['-euo', 'pipefail', '-c', uninstall!], {
        cwd: workspace.root,
        env: { npm_config_registry: registry.url, NX_DAEMON: 'false', CI: 'true' },
      });
      expect({ ok, output }).toMatchObject({ ok: true });
      expect(workspace.read('nx.json')).not.toContain('docker-python');
      expect(workspace.read('package.json')).not.toContain('docker-python');
      expect(existsSync(join(workspace.root, 'node_modules/docker-python'))).toBe(false);
      expect(await workspace.nx('show', 'projects')).toContain('hello');
      const build = await attempt(
        'docker',
        ['buildx', 'build', '--call=check', '-f', dockerfile('hello'), '.'],
        {
          cwd: workspace.root,
        },
      );
      expect(build.output).toContain('no warnings found');
    });
  });
});
