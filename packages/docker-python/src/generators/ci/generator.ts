import type { Tree } from '@nx/devkit';
import { gitCheckout } from '../../engine/git';
import { ciDefaultBranch } from '../../pipeline/default-branch';
import { ownership } from '../../render/managed';
import { renderCircleci } from '../../render/ci/circleci';
import { GITLAB, gitlabRoot, isGitlabRegistry, renderGitlab } from '../../render/ci/gitlab';
import { isGithubRegistry, renderGithub } from '../../render/ci/github';
import { renderSteps } from '../../render/ci/steps';
import { STEPS, type CiFile } from '../../render/ci/types';
import { explained } from '../fail';
import { writeManagedFile, type ManagedFileReport } from '../managed-files';
import { ciFacts, type CiNeeds, type CiOptions } from './facts';
import { everyPublished, missingCache, missingLogins, missingRenewals, missingSecrets, none } from './next';

export type { CiOptions };

/**
 * Writes the configuration of a CI system, and the script that it calls. Running it again brings both up to date; a
 * file that somebody edited stays, and is named.
 *
 * @throws an error with code and hint, before anything is written
 */
export default function ci(tree: Tree, options: CiOptions): Promise<void> {
  return explained(async () => {
    const facts = ciFacts(tree, options, await gitCheckout(tree.root), ciDefaultBranch(process.env));
    const { files, seeds, next } = PROVIDERS[options.provider](facts, tree);
    const reports = [
      ...[steps(facts, tree), ...files].map((file) =>
        writeManagedFile(tree, file, options.overwrite === true),
      ),
      ...seeds.map((file) => seed(tree, file)),
    ];
    process.stdout.write(report(reports, facts, [...next, ...missingCache(facts)]));
  });
}

/** What a CI system needs beside the script. */
interface Configuration {
  readonly files: readonly CiFile[];
  /** Written if absent, then the user's. */
  readonly seeds: readonly CiFile[];
  /** What the user has to do there. */
  readonly next: readonly string[];
}

/** The script is the same for all CI systems, so a second one finds it as it is, whatever made it. */
function steps(facts: CiNeeds, tree: Tree): CiFile {
  const file = renderSteps(facts);
  const present = tree.read(STEPS, 'utf-8');
  const body = (text: string): string => text.slice(text.indexOf('\n'));
  return present !== null && body(present) === body(file.text) ? { path: STEPS, text: present } : file;
}

const PROVIDERS: Readonly<Record<CiOptions['provider'], (facts: CiNeeds, tree: Tree) => Configuration>> = {
  github: (facts) => ({
    files: renderGithub(facts),
    seeds: [],
    next: [
      ...missingLogins(facts, isGithubRegistry, 'secrets of the repository', isGithubRegistry),
      ...missingSecrets(facts, /^GITHUB_TOKEN$/, 'a secret of the repository, and one of Dependabot'),
      'Optional: the secret DOCKER_PYTHON_TOKEN, whose pushes start checks; for Dependabot as well.',
      ...missingRenewals(facts),
    ],
  }),
  gitlab: (facts, tree) => {
    const root = tree.read(GITLAB.root, 'utf-8');
    const included = root === null || root.includes(GITLAB.part);
    return {
      files: renderGitlab(facts),
      seeds: root === null ? [gitlabRoot()] : [],
      next: [
        ...(included ? [] : [`Add to ${GITLAB.root}: include: [{ local: ${GITLAB.part} }]`]),
        ...missingLogins(facts, isGitlabRegistry, 'a CI/CD variable'),
        ...missingSecrets(facts, /^CI_/, 'a CI/CD variable, which is not protected'),
        'Add the CI/CD variable DOCKER_PYTHON_TOKEN, limited to the environment docker-python: a project access token that may write the repository.',
        ...(facts.schedule === 'never'
          ? []
          : [
              `Add a pipeline schedule (${facts.schedule}) for ${everyPublished(facts)}, with the variable DOCKER_PYTHON=renewal.`,
            ]),
      ],
    };
  },
  circleci: (facts, tree) => {
    const usual = '.circleci/config.yml';
    const present = tree.read(usual, 'utf-8');
    const ours = present === null || ownership(present) !== 'foreign';
    const path = ours ? usual : '.circleci/docker-python.yml';
    return {
      files: renderCircleci(facts, path),
      seeds: [],
      next: [
        ...(ours ? [] : [`Add a pipeline for ${path} in the project's settings, since ${usual} is yours.`]),
        ...missingLogins(facts, none, 'an environment variable of the project'),
        ...missingSecrets(facts, /^CIRCLE_/, 'an environment variable of the project'),
        'Add DOCKER_PYTHON_TOKEN, which may write the repository, or a deploy key that may.',
        ...(facts.schedule === 'never'
          ? []
          : [
              `Add a schedule trigger (${facts.schedule}) for ${everyPublished(facts)}, with the parameter docker-python: renewal.`,
            ]),
      ],
    };
  },
  script: (facts) => ({
    files: [],
    seeds: [],
    next: [
      `A change: bash ${STEPS} verify. A push: bash ${STEPS} publish. A release: bash ${STEPS} release v1.4.0.`,
      ...(facts.schedule === 'never'
        ? []
        : [`From time to time: bash ${STEPS} renew ${facts.renewal}, and audit.`]),
      ...missingLogins(facts, none, 'in the environment'),
      ...missingSecrets(facts, /^$/, 'in the environment'),
    ],
  }),
};

function seed(tree: Tree, { path, text }: CiFile): ManagedFileReport {
  tree.write(path, text);
  return { path, outcome: 'new' };
}

function report(files: readonly ManagedFileReport[], { command }: CiNeeds, next: readonly string[]): string {
  const kept = files.some(({ outcome }) => outcome.endsWith('left alone'));
  return [
    '',
    ...files.map(({ path, outcome }) => `  ${path}: ${outcome}`),
    ...(kept ? [`  To replace what was left alone: ${command} --overwrite`] : []),
    '',
    ...next,
    '',
  ].join('\n');
}
