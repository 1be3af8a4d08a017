import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { attempt, run } from '../shell';
import { hostCaBundle, uv } from '../uv/lock';
import { packedPlugin } from '../workspace/packed-plugin';

/** Packages that one service in ten has beside what all have, and none by another way; at a version that can be bumped. */
const OWN = [
  'six',
  'pluggy',
  'attrs',
  'packaging',
  'toml',
  'tomli',
  'zipp',
  'pytz',
  'colorama',
  'iniconfig',
] as const;
type OwnPackage = (typeof OWN)[number];

const COMMON = ['fastapi', 'uvicorn', 'httpx'] as const;

/** The base that all contenders build on: the official one's stand-in or itself, trusting this host's proxy. */
export const BASE = 'docker-python-bench-base';
const PYTHON = 'python:3.13-slim-trixie';

/** Nx and the peers, in the versions that fit together: the newest Nx that all of them support. */
const MODULES = [
  'nx@23.2.1',
  '@nx/devkit@23.2.1',
  '@nx/js@23.2.1',
  '@nx/docker@23.2.1',
  '@nx-tools/nx-container@7.3.0',
  '@nxlv/python@23.1.1',
];

/** On one file system with the workspaces, which share its files. */
const store = join(tmpdir(), 'docker-python-bench');

export interface BenchWorkspace {
  readonly root: string;
  readonly services: readonly string[];
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs a program there; a failure ends the benchmark. */
  run(program: string, ...argv: string[]): Promise<string>;
  nx(...argv: string[]): Promise<string>;
  commit(message: string): Promise<void>;
}

/** What an edit changes, and what a bump pins. */
export const SERVICE = (name: string): string => `apps/${name}/${moduleOf(name)}/main.py`;
export const LIBRARY = 'libs/shared/shared/__init__.py';

export function moduleOf(name: string): string {
  return name.replaceAll('-', '_');
}

/** The package that only this service installs. */
export function ownPackage(service: string): OwnPackage {
  return OWN[Number(service.split('-').at(-1)) % OWN.length]!;
}

/** Services of a uv workspace with one lock and one library, and no Dockerfile: text by path. */
function sources(services: readonly string[]): Readonly<Record<string, string>> {
  const build = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
  return {
    'pyproject.toml': `[project]\nname = "workspace"\nversion = "0"\nrequires-python = ">=3.13"\n\n[tool.uv]\npackage = false\n\n[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n`,
    'libs/shared/pyproject.toml': `[project]\nname = "shared"\nversion = "1.0"\nrequires-python = ">=3.13"\n\n${build}`,
    'libs/shared/project.json': JSON.stringify({ name: 'shared' }),
    [LIBRARY]: 'GREETING = "hello"\n',
    ...Object.fromEntries(
      services.flatMap((name) => [
        [
          `apps/${name}/pyproject.toml`,
          `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.13"\ndependencies = [${[...COMMON, ownPackage(name), 'shared'].map((entry) => JSON.stringify(entry)).join(', ')}]\n\n[tool.uv.sources]\nshared = { workspace = true }\n\n${build}`,
        ],
        [`apps/${name}/project.json`, JSON.stringify({ name, targets: { noop: { command: 'true' } } })],
        [`apps/${name}/${moduleOf(name)}/__init__.py`, ''],
        [
          SERVICE(name),
          'import fastapi\nimport httpx\nfrom shared import GREETING\n\napp = fastapi.FastAPI()\n\n\n@app.get("/")\ndef index() -> str:\n    return GREETING\n',
        ],
      ]),
    ),
    'nx.json': JSON.stringify({ defaultBase: 'main', analytics: false }),
    '.gitignore': 'node_modules\n.nx\ndist\n',
    '.dockerignore': 'node_modules\n.nx\ndist\n.git\n',
    'package.json': JSON.stringify({ name: 'acme', private: true }),
  };
}

/** Installs Nx and the peers, once. */
async function modules(): Promise<string> {
  const folder = join(store, 'modules');
  const tarball = await packedPlugin();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'modules', private: true }));
  const argv = ['install', '--no-audit', '--no-fund', '--legacy-peer-deps', ...MODULES, tarball];
  await run('npm', argv, { cwd: folder });
  return join(folder, 'node_modules');
}

let prepared:
  Promise<{ modules: string; lock: (services: readonly string[]) => Promise<string> }> | undefined;

/** A fresh workspace for one contender. */
export async function benchWorkspace(
  contender: string,
  services: readonly string[],
): Promise<BenchWorkspace> {
  prepared ??= modules().then((path) => ({ modules: path, lock: makeLock }));
  const { modules: installed, lock } = await prepared;
  const root = join(tmpdir(), `docker-python-bench-${contender}-${process.pid}`);
  rmSync(root, { recursive: true, force: true });
  const env = {
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    FORCE_COLOR: '0',
    CI: 'true',
    NX_CACHE_DIRECTORY: join(root, '.nx/cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(root, '.nx/workspace-data'),
  };
  const workspace: BenchWorkspace = {
    root,
    services,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    run: (program, ...argv) => run(program, argv, { cwd: root, env }),
    nx: (...argv) => workspace.run(join(root, 'node_modules/.bin/nx'), ...argv),
    async commit(message) {
      await workspace.run('git', 'add', '--all');
      const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
      await workspace.run('git', ...identity, 'commit', '--quiet', '--allow-empty', '--message', message);
    },
  };
  for (const [path, text] of Object.entries(sources(services))) workspace.write(path, text);
  workspace.write('uv.lock', await lock(services));
  // Hard links: a copy for each contender takes a minute.
  await run('cp', ['-al', installed, join(root, 'node_modules')]);
  await workspace.run('git', 'init', '--quiet', '--initial-branch=main');
  await workspace.commit('start');
  return workspace;
}

const locks = new Map<string, string>();

/** The lock of a set of services, made once. */
async function makeLock(services: readonly string[]): Promise<string> {
  const key = services.join();
  if (!locks.has(key)) {
    const folder = join(store, 'lock');
    rmSync(folder, { recursive: true, force: true });
    for (const [path, text] of Object.entries(sources(services))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const old = [...new Set(services.map(ownPackage))].map(
      (name) => `--upgrade-package=${name}${OLDER[name]}`,
    );
    await uv(folder, ['lock', '--quiet', ...old], PYTHON);
    locks.set(key, readFileSync(join(folder, 'uv.lock'), 'utf8'));
  }
  return locks.get(key)!;
}

/** Versions below the newest, so that there is something to bump. */
const OLDER: Readonly<Record<OwnPackage, string>> = {
  six: '==1.16.0',
  pluggy: '==1.5.0',
  attrs: '==25.1.0',
  packaging: '==24.2',
  toml: '==0.10.1',
  tomli: '==2.0.1',
  zipp: '==3.20.0',
  pytz: '==2024.1',
  colorama: '==0.4.5',
  iniconfig: '==2.0.0',
};

/** Bumps the package that one service alone has, in the lock of all. */
export async function bump(workspace: BenchWorkspace, service: string): Promise<void> {
  await uv(workspace.root, ['lock', '--quiet', `--upgrade-package=${ownPackage(service)}`], PYTHON);
}

/** Makes the base: the same for all, so that none is slower for a certificate. */
export async function ensureBase(): Promise<void> {
  const folder = join(store, 'base');
  mkdirSync(folder, { recursive: true });
  const bundle = hostCaBundle();
  writeFileSync(join(folder, 'ca.pem'), bundle === undefined ? '' : readFileSync(bundle));
  const trust =
    'ENV SSL_CERT_FILE=/etc/bench-ca.pem PIP_CERT=/etc/bench-ca.pem REQUESTS_CA_BUNDLE=/etc/bench-ca.pem';
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM ${PYTHON}\n${bundle === undefined ? '' : `COPY ca.pem /etc/bench-ca.pem\n${trust}\n`}`,
  );
  await run('docker', ['buildx', 'build', '--quiet', '--load', '--tag', BASE, folder]);
}

export async function removeImages(): Promise<void> {
  const { stdout } = await attempt('docker', [
    ...['images', '--format={{.Repository}}:{{.Tag}}'],
    ...['bench-*', '*/bench-*', '*/*/bench-*', 'apps-bench-*', '*/apps-bench-*'].map(
      (name) => `--filter=reference=${name}`,
    ),
  ]);
  const names = stdout.split('\n').filter((name) => name !== '' && !name.endsWith('<none>'));
  if (names.length > 0) await attempt('docker', ['rmi', '--force', ...names]);
}
