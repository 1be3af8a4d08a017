import { readNxJson, type Tree } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { designImage } from '../../pipeline/design-image';
import type { CiFacts, NodeSetup } from '../../render/ci/types';
import { TARGET_NAMES } from '../../settings/targets';
import { designQuestion, dockerizedProjects, pluginOptions } from '../workspace';

export interface CiOptions {
  readonly provider: 'github' | 'gitlab' | 'circleci' | 'script';
  readonly branches?: readonly string[];
  readonly schedule?: CiFacts['schedule'];
  readonly renewal?: CiFacts['renewal'];
  readonly overwrite?: boolean;
}

/**
 * What a CI configuration follows from: the options, and what the workspace says.
 *
 * @throws DockerPythonError INVALID_SETTINGS for what is no branch
 */
export function ciFacts(tree: Tree, options: CiOptions): CiFacts {
  const { provider, schedule = 'weekly', renewal = 'commit' } = options;
  const defaultBranch = defaultBranchOf(tree);
  const branches = options.branches ?? [defaultBranch];
  for (const branch of branches) refuseStrangeBranch(branch);
  const targets: Readonly<Record<string, string | undefined>> = {
    ...TARGET_NAMES,
    ...pluginOptions(tree).targets,
  };
  return {
    setup: nodeSetup(tree),
    branches,
    defaultBranch,
    schedule,
    renewal,
    registries: registriesOf(tree),
    targets: {
      build: targets['build']!,
      smokeTest: targets['smokeTest']!,
      push: targets['push'] ?? 'push',
      audit: targets['audit'] ?? 'audit',
    },
    command: [
      `nx g docker-python:ci --provider=${provider}`,
      ...(options.branches ?? []).map((branch) => `--branches=${branch}`),
      ...(schedule === 'weekly' ? [] : [`--schedule=${schedule}`]),
      ...(renewal === 'commit' ? [] : [`--renewal=${renewal}`]),
    ].join(' '),
  };
}

function defaultBranchOf(tree: Tree): string {
  const base = readNxJson(tree)?.defaultBase;
  return typeof base === 'string' && base !== '' ? base.replace(/^(refs\/remotes\/)?origin\//, '') : 'main';
}

/** What git takes as part of a branch's name and every CI system as part of a pattern. */
function refuseStrangeBranch(branch: string): void {
  if (/^[A-Za-z0-9*][A-Za-z0-9._*-]*(\/[A-Za-z0-9._*-]+)*$/.test(branch)) return;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${JSON.stringify(branch)} is no branch.`,
    hint: 'Write names, or patterns with * for a part of a name and ** for anything: --branches=main --branches=release/*',
  });
}

/** How each package manager installs what its lock file says. The first lock file that is there decides. */
const MANAGERS: readonly (readonly [lock: string, install: readonly string[], nx: readonly string[]])[] = [
  ['pnpm-lock.yaml', ['corepack enable', 'pnpm install --frozen-lockfile'], ['pnpm', 'exec', 'nx']],
  ['yarn.lock', ['corepack enable', 'yarn install --frozen-lockfile'], ['yarn', 'nx']],
  ['bun.lock', ['npm install --global bun', 'bun install --frozen-lockfile'], ['bunx', 'nx']],
  ['bun.lockb', ['npm install --global bun', 'bun install --frozen-lockfile'], ['bunx', 'nx']],
];

/** Files that say which Node a workspace wants. */
const NODE_FILES = ['.nvmrc', '.node-version'];

/** The long-term support release that still brings corepack along. */
const NODE = '24';

function nodeSetup(tree: Tree): NodeSetup {
  const file = NODE_FILES.find((path) => tree.exists(path));
  const node = file === undefined ? { version: NODE } : { file };
  const manager = MANAGERS.find(([lock]) => tree.exists(lock));
  if (!manager) return { node, npm: true, install: ['npm ci'], nx: ['npx', 'nx'] };
  const [, install, nx] = manager;
  return { node, npm: false, install, nx };
}

/** The hosts of all registries that images of this workspace go to. */
function registriesOf(tree: Tree): readonly string[] {
  const all = dockerizedProjects(tree).flatMap((project) => {
    try {
      return [designImage(designQuestion(tree, project)).settings.settings.registry ?? []].flat();
    } catch (error) {
      // It says what is wrong with it when it is built.
      if (error instanceof DockerPythonError) return [];
      throw error;
    }
  });
  const defaults = [pluginOptions(tree).defaults?.registry ?? []].flat();
  return [...new Set([...defaults, ...all].map((registry) => registry.split('/')[0]!))];
}
