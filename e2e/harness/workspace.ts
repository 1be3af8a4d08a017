import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../tools/shell';
import type { NxVersion } from '../../tools/workspace/nx-versions';
import { installedModules } from '../../tools/workspace/packed-plugin';

/** What a command left behind. `output` is stdout and stderr in the order they came, without colours. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A real Nx workspace outside of the repository, with the packed plugin installed. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  write(path: string, text: string): void;
  read(path: string): string;
  exists(path: string): boolean;
  /** Copies a folder of the repository into the workspace. */
  copy(from: string, to: string): void;
  /** Runs nx; fails the test if it fails. */
  nx(...argv: string[]): Promise<string>;
  /** Runs nx, which has to fail; fails the test if it succeeds. */
  failsNx(...argv: string[]): Promise<string>;
  /** Runs nx, whatever comes of it. */
  tryNx(...argv: string[]): Promise<CommandResult>;
  run(
    program: string,
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<CommandResult>;
  commit(message: string): Promise<void>;
  remove(): void;
}

/** What `nx sync:check` says where it has asked the plugin: without a generator to ask, all is up to date as well. */
export const IN_SYNC = /docker-python:sync\S*: All files are up to date/;

/** Options of git for whoever commits, whatever the machine has. */
export const IDENTITY = [
  ...['-c', 'user.name=test'],
  ...['-c', 'user.email=test@example.com'],
  ...['-c', 'commit.gpgsign=false'],
];

const NX_JSON = {
  defaultBase: 'main',
  analytics: false,
  plugins: [{ plugin: 'docker-python', options: {} }],
};

/**
 * Makes a workspace in a temporary folder, committed to git.
 *
 * @param nx version of Nx to install; node_modules are shared between workspaces of one version
 * @param files path to text
 */
export async function createWorkspace(
  nx: NxVersion,
  files: Readonly<Record<string, string>> = {},
): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), 'docker-python-e2e-'));
  const workspace = workspaceAt(root);
  cpSync(installedModules(nx), join(root, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  workspace.write(
    'package.json',
    JSON.stringify({ name: 'acme', private: true, devDependencies: { nx: nx.nx } }),
  );
  workspace.write('nx.json', JSON.stringify(NX_JSON, null, 2));
  workspace.write('.gitignore', 'node_modules\n.nx\ndist\n');
  for (const [path, text] of Object.entries(files)) workspace.write(path, text);
  await workspace.run('git', ['init', '--quiet', '--initial-branch=main']);
  await workspace.commit('start');
  return workspace;
}

/**
 * The same checkout on another machine: no results of tasks, nothing built. Its node_modules are links to the same files.
 *
 * @param origin what is cloned: the workspace itself, unless it pushes to a repository
 */
export async function cloneWorkspace(workspace: Workspace, origin = workspace.root): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), 'docker-python-e2e-'));
  await run('git', ['clone', '--quiet', `file://${origin}`, root]);
  await run('cp', ['-al', join(workspace.root, 'node_modules'), root]);
  return workspaceAt(root);
}

/** For machines of one of the CI systems: the tests decide themselves where they are. */
export const NOWHERE: Readonly<Record<string, string>> = Object.fromEntries(
  ['GITHUB_ACTIONS', 'GITLAB_CI', 'CIRCLECI', 'BUILDKITE', 'TF_BUILD', 'JENKINS_URL'].map((name) => [
    name,
    '',
  ]),
);

function workspaceAt(root: string): Workspace {
  const environment = {
    ...process.env,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    FORCE_COLOR: '0',
    NX_NO_CLOUD: 'true',
    NX_CACHE_DIRECTORY: join(root, '.nx/cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(root, '.nx/workspace-data'),
    CI: 'true',
  };
  const execute: Workspace['run'] = (program, argv, env = {}) =>
    start(program, argv, root, { ...environment, ...env });
  const tryNx: Workspace['tryNx'] = (...argv) =>
    execute(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...argv]);
  const workspace: Workspace = {
    root,
    run: execute,
    tryNx,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    exists: (path) => existsSync(join(root, path)),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    copy: (from, to) => cpSync(from, join(root, to), { recursive: true }),
    async nx(...argv) {
      const { exitCode, output } = await tryNx(...argv);
      if (exitCode !== 0)
        throw new Error(`nx ${argv.join(' ')} failed with exit code ${exitCode}:\n${output}`);
      return output;
    },
    async failsNx(...argv) {
      const { exitCode, output } = await tryNx(...argv);
      if (exitCode === 0) throw new Error(`nx ${argv.join(' ')} did not fail:\n${output}`);
      return output;
    },
    async commit(message) {
      await execute('git', ['add', '--all']);
      await execute('git', [...IDENTITY, 'commit', '--quiet', '--allow-empty', '--message', message]);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return workspace;
}

/** Longer than the builds of all fixtures; a command that hangs has to fail its test, not the whole run. */
const COMMAND_TIMEOUT_MS = 900_000;

function start(
  program: string,
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    }
    child.once('error', (error) => resolve({ exitCode: 127, output: error.message }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
