import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { attempt, run } from '../../tools/shell';

export type PackageManager = 'npm' | 'pnpm';

/** A workspace with Nx and nothing else, in which a reader begins. It has no TypeScript. */
export interface BareWorkspace {
  readonly root: string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Runs a program of the workspace, which has to succeed. */
  run(program: string, ...argv: string[]): Promise<string>;
  nx(...argv: string[]): Promise<string>;
  commit(message: string): Promise<void>;
  /** Bytes and number of packages below node_modules. */
  footprint(): { readonly bytes: number; readonly packages: number };
  remove(): void;
}

/** Where pnpm is kept between runs; npm comes with Node. */
const TOOLS = join(__dirname, '../../tmp/e2e/pnpm');
const PNPM = 'pnpm@10.34.8';

/**
 * @param devDependencies Nx, and what else is there already
 * @param registry address of the npm registry
 */
export async function bareWorkspace(
  devDependencies: Readonly<Record<string, string>>,
  manager: PackageManager,
  registry: string,
): Promise<BareWorkspace> {
  const root = mkdtempSync(join(tmpdir(), 'docker-python-bare-'));
  if (manager === 'pnpm') await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', TOOLS, PNPM]);
  const env = {
    npm_config_registry: registry,
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    NX_DAEMON: 'false',
    CI: 'true',
    FORCE_COLOR: '0',
    // The machine's own registry may be a mirror, which has no attestations of Nx.
    NX_SKIP_PROVENANCE_CHECK: 'true',
    PATH: `${join(TOOLS, 'node_modules/.bin')}:${process.env['PATH']}`,
  };
  const workspace: BareWorkspace = {
    root,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    async run(program, ...argv) {
      const { ok, output } = await attempt(program, argv, { cwd: root, env, timeoutMs: 300_000 });
      if (!ok) throw new Error(`${[program, ...argv].join(' ')} failed:\n${output}`);
      return output;
    },
    nx: (...argv) => workspace.run(join(root, 'node_modules/.bin/nx'), ...argv),
    async commit(message) {
      await workspace.run('git', 'add', '--all');
      await workspace.run('git', 'commit', '--quiet', '--allow-empty', '--message', message);
    },
    footprint: () => footprintOf(join(root, 'node_modules')),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  workspace.write('package.json', JSON.stringify({ name: 'acme', private: true, devDependencies }));
  workspace.write('nx.json', JSON.stringify({ defaultBase: 'main', analytics: false }));
  workspace.write('.gitignore', 'node_modules\n.nx\n');
  // As its owners set it up: the build scripts of packages run only where they are named, and Nx has one.
  if (manager === 'pnpm')
    workspace.write('pnpm-workspace.yaml', 'packages: []\nonlyBuiltDependencies: [nx]\n');
  await workspace.run(manager, 'install');
  await workspace.run('git', 'init', '--quiet', '--initial-branch=main');
  await workspace.run('git', 'config', 'user.name', 'reader');
  await workspace.run('git', 'config', 'user.email', 'reader@example.com');
  await workspace.commit('a workspace');
  return workspace;
}

function footprintOf(folder: string): { bytes: number; packages: number } {
  let [bytes, packages] = [0, 0];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    bytes += statSync(join(entry.parentPath, entry.name)).size;
    if (entry.name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/]+$/.test(entry.parentPath)) packages++;
  }
  return { bytes, packages };
}
