import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../build';
import { run } from '../shell';
import type { NxVersion } from './nx-versions';

const repository = join(__dirname, '../..');
const store = join(repository, 'tmp/e2e');

/** How the files of a test run, each a process of its own, know that all is there: the absolute path of the tarball. */
const PREPARED = 'DOCKER_PYTHON_TARBALL';

let packing: Promise<string> | undefined;

/**
 * Builds and packs the plugin, once for each process that asks, or for all of them by `prepareModules`.
 *
 * @returns absolute path of the tarball
 */
export function packedPlugin(): Promise<string> {
  packing ??= pack();
  return packing;
}

/** Packs the plugin and installs it beside each version of Nx: what processes that run side by side share. */
export async function prepareModules(versions: readonly NxVersion[]): Promise<void> {
  delete process.env[PREPARED];
  const tarball = await packedPlugin();
  for (const version of versions) await install(version, tarball);
  process.env[PREPARED] = tarball;
}

async function pack(): Promise<string> {
  const prepared = process.env[PREPARED];
  if (prepared !== undefined) return prepared;
  const folder = await build();
  mkdirSync(store, { recursive: true });
  const name = (await run('npm', ['pack', folder, '--pack-destination', store, '--silent']))
    .trim()
    .split('\n')
    .at(-1)!;
  return join(store, name);
}

/** A node_modules folder with Nx in one version and the packed plugin, as `prepareModules` made it; absolute. */
export function installedModules({ nx }: NxVersion): string {
  return join(folderOf(nx), 'node_modules');
}

/** Installed once, then kept: only the plugin is exchanged when it changed. */
async function install({ nx, devkit }: NxVersion, tarball: string): Promise<void> {
  const folder = folderOf(nx);
  const dependencies = JSON.parse(
    readFileSync(join(repository, 'packages/docker-python/package.json'), 'utf8'),
  ) as object;
  const wanted = digest(JSON.stringify(dependencies));
  const mark = join(folder, '.installed');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'modules', private: true }));
    await run('npm', ['install', '--no-audit', '--no-fund', `nx@${nx}`, `@nx/devkit@${devkit}`, tarball], {
      cwd: folder,
    });
    writeFileSync(mark, wanted);
  }
  const plugin = join(folder, 'node_modules/docker-python');
  for (const entry of readdirSync(plugin))
    if (entry !== 'node_modules') rmSync(join(plugin, entry), { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', plugin]);
}

function folderOf(nx: string): string {
  return join(store, `nx-${nx}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
