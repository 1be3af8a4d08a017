import type { CheckoutFacts } from './checkout';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A CI system: how it is recognised, and what its variables say about the checkout. */
interface CiSystem {
  readonly name: string;
  readonly variable: string;
  readonly read: (env: Environment) => { readonly [fact in keyof CheckoutFacts]: string | undefined };
}

/** In the order in which they are asked. Sources: the list of predefined variables of each system. */
const SYSTEMS: readonly CiSystem[] = [
  {
    name: 'github',
    variable: 'GITHUB_ACTIONS',
    read: (env) => {
      const [, number] = /^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '') ?? [];
      const isTag = env['GITHUB_REF_TYPE'] === 'tag';
      return {
        branch: number === undefined ? (isTag ? undefined : env['GITHUB_REF_NAME']) : env['GITHUB_HEAD_REF'],
        gitTag: isTag ? env['GITHUB_REF_NAME'] : undefined,
        pr: number,
        sha: env['GITHUB_SHA'],
      };
    },
  },
  {
    name: 'gitlab',
    variable: 'GITLAB_CI',
    read: (env) => ({
      branch: env['CI_COMMIT_BRANCH'] ?? env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
      gitTag: env['CI_COMMIT_TAG'],
      pr: env['CI_MERGE_REQUEST_IID'],
      sha: env['CI_COMMIT_SHA'],
      defaultBranch: env['CI_DEFAULT_BRANCH'],
    }),
  },
  {
    name: 'circleci',
    variable: 'CIRCLECI',
    read: (env) => ({
      branch: env['CIRCLE_BRANCH'],
      gitTag: env['CIRCLE_TAG'],
      // There only for one from a fork, whose branch may be called anything.
      pr: env['CIRCLE_PR_NUMBER'],
      branchPr: /\/(\d+)$/.exec(env['CIRCLE_PULL_REQUEST'] ?? '')?.[1],
      sha: env['CIRCLE_SHA1'],
    }),
  },
  {
    name: 'buildkite',
    variable: 'BUILDKITE',
    read: (env) => ({
      branch: env['BUILDKITE_BRANCH'],
      gitTag: env['BUILDKITE_TAG'],
      pr: /^\d+$/.exec(env['BUILDKITE_PULL_REQUEST'] ?? '')?.[0],
      sha: env['BUILDKITE_COMMIT'],
      defaultBranch: env['BUILDKITE_PIPELINE_DEFAULT_BRANCH'],
    }),
  },
  {
    name: 'bitbucket',
    variable: 'BITBUCKET_BUILD_NUMBER',
    read: (env) => ({
      branch: env['BITBUCKET_BRANCH'],
      gitTag: env['BITBUCKET_TAG'],
      pr: env['BITBUCKET_PR_ID'],
      sha: env['BITBUCKET_COMMIT'],
    }),
  },
  {
    name: 'azure',
    variable: 'TF_BUILD',
    read: (env) => {
      const ref = env['BUILD_SOURCEBRANCH'] ?? '';
      return {
        branch: /^refs\/heads\/(.+)$/.exec(env['SYSTEM_PULLREQUEST_SOURCEBRANCH'] ?? ref)?.[1],
        gitTag: /^refs\/tags\/(.+)$/.exec(ref)?.[1],
        pr: env['SYSTEM_PULLREQUEST_PULLREQUESTNUMBER'] ?? /^refs\/pull\/(\d+)\//.exec(ref)?.[1],
        sha: env['BUILD_SOURCEVERSION'],
      };
    },
  },
  {
    name: 'jenkins',
    variable: 'JENKINS_URL',
    read: (env) => ({
      branch:
        env['CHANGE_BRANCH'] ??
        (env['TAG_NAME'] === undefined
          ? (env['BRANCH_NAME'] ?? env['GIT_BRANCH']?.replace(/^origin\//, ''))
          : undefined),
      gitTag: env['TAG_NAME'],
      pr: env['CHANGE_ID'],
      sha: env['GIT_COMMIT'],
    }),
  },
];

/**
 * What the CI system says about the checkout, whichever it is.
 *
 * @param variables the environment; an empty variable counts as none
 * @returns undefined where no known system is
 */
export function ciCheckout(
  variables: Environment,
): (CheckoutFacts & { readonly system: string }) | undefined {
  const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const system = SYSTEMS.find(({ variable }) => env[variable] !== undefined);
  if (!system) return undefined;
  const facts = Object.entries(system.read(env)).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(facts) as CheckoutFacts), system: system.name };
}
