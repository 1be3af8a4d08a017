import { readNxJson, type Tree } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { designImage, type ImageDesign } from '../../pipeline/design-image';
import { isOfTheJobs, type CiFacts, type NodeSetup } from '../../render/ci/types';
import type { GitCheckout } from '../../engine/git';
import { namedDefaultBranch, usualDefault } from '../../reference/checkout';
import { shellLine } from '../../render/shell';
import { hostNeeds } from '../../settings/host-needs';
import type { Settings } from '../../settings/schema';
import { TARGET_NAMES } from '../../settings/targets';
import { designQuestion, dockerizedProjects, pluginOptions } from '../workspace';
import { hostsOf } from './hosts';

export interface CiOptions {
  readonly provider: 'github' | 'gitlab' | 'circleci' | 'script';
  readonly branches?: readonly string[];
  /** Patterns; `never` for none. */
  readonly releaseTags?: readonly string[];
  readonly schedule?: CiFacts['schedule'];
  readonly renewal?: CiFacts['renewal'];
  readonly overwrite?: boolean;
}

/** What a configuration follows from, and what somebody has to do for it. */
export interface CiNeeds extends CiFacts {
  /** Secrets that builds read from variables of the jobs themselves, which do not get there. */
  readonly misnamed: readonly string[];
  /** Secrets that builds read from files, as the settings name them. */
  readonly secretFiles: readonly string[];
  /** Whether no setting says where layers of builds are kept. */
  readonly cacheUndecided: boolean;
}

/**
 * What a CI configuration follows from: the options, and what the workspace says.
 *
 * @param git where the checkout stands
 * @param ciDefault what the CI system that this runs on calls the default branch, if it runs on one
 * @throws DockerPythonError INVALID_SETTINGS for what is no branch or tag
 */
export function ciFacts(tree: Tree, options: CiOptions, git: GitCheckout = {}, ciDefault?: string): CiNeeds {
  const { provider, schedule = 'weekly', renewal = 'commit' } = options;
  const named = namedDefaultBranch({
    plugin: pluginOptions(tree).defaultBranch,
    ci: ciDefault,
    remote: git.defaultBranch,
    nx: readNxJson(tree)?.defaultBase,
  });
  const defaultBranch = named ?? usualDefault(git.branch);
  const branches = options.branches ?? [defaultBranch];
  for (const branch of branches) refuseStrange('branch', branch);
  const releaseTags = options.releaseTags ?? RELEASE_TAGS;
  for (const tag of releaseTags) refuseStrange('tag', tag);
  const targets: Readonly<Record<string, string | undefined>> = {
    ...TARGET_NAMES,
    ...pluginOptions(tree).targets,
  };
  const designs = designsOf(tree);
  const settings = [pluginOptions(tree).defaults ?? {}, ...designs.map((design) => design.settings.settings)];
  return {
    ...secretsOf(settings),
    ...hostsOf(settings, designs),
    cacheUndecided: settings.every(({ cache }) => cache === undefined),
    setup: nodeSetup(tree),
    branches,
    defaultBranch,
    releaseTags: releaseTags.filter((tag) => tag !== 'never'),
    schedule,
    renewal,
    targets: {
      build: targets['build']!,
      smokeTest: targets['smokeTest']!,
      push: targets['push'] ?? 'push',
      audit: targets['audit'] ?? 'audit',
    },
    command: shellLine([
      ...['nx', 'g', 'docker-python:ci', `--provider=${provider}`],
      ...(options.branches ?? []).map((branch) => `--branches=${branch}`),
      ...(options.releaseTags ?? []).map((tag) => `--releaseTags=${tag}`),
      ...(schedule === 'weekly' ? [] : [`--schedule=${schedule}`]),
      ...(renewal === 'commit' ? [] : [`--renewal=${renewal}`]),
    ]),
  };
}

/** How most people and `nx release` name the versions of a whole repository. */
const RELEASE_TAGS = ['v*'];

/** What git takes as part of a name and every CI system as part of a pattern. */
function refuseStrange(what: 'branch' | 'tag', name: string): void {
  if (/^[A-Za-z0-9*][A-Za-z0-9._*-]*(\/[A-Za-z0-9._*-]+)*$/.test(name)) return;
  const example =
    what === 'branch'
      ? '--branches=main --branches=release/*'
      : "--releaseTags='v*' --releaseTags='release/*'";
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${JSON.stringify(name)} is no ${what}.`,
    hint: `Write names, or patterns with * for a part of a name and ** for anything: ${example}`,
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

/** All images that can be designed. What is wrong with another one, it says itself when it is built. */
function designsOf(tree: Tree): readonly ImageDesign[] {
  return dockerizedProjects(tree).flatMap((project) => {
    try {
      return [designImage(designQuestion(tree, project))];
    } catch (error) {
      if (error instanceof DockerPythonError) return [];
      throw error;
    }
  });
}

/** Where the secrets of all builds come from. Sorted, so that the order of projects changes nothing. */
function secretsOf(all: readonly Settings[]): Pick<CiNeeds, 'secrets' | 'misnamed' | 'secretFiles'> {
  const needs = all.flatMap(({ buildEnv }) => hostNeeds(buildEnv).secrets);
  const names = sorted(needs.flatMap((need) => ('env' in need ? [need.env] : [])));
  return {
    secrets: names.filter((name) => !isOfTheJobs(name)),
    misnamed: names.filter(isOfTheJobs),
    secretFiles: sorted(needs.flatMap((need) => ('file' in need ? [need.file] : []))),
  };
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
