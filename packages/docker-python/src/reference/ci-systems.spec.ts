import { checkoutOf, type Checkout } from './checkout';
import { ciCheckout, type Environment } from './ci-systems';

const SHA = '0123456789abcdef0123456789abcdef01234567';

const read = (env: Environment): Checkout => checkoutOf([ciCheckout(env)!, { branch: 'of-git' }], true);

describe.each<[string, Record<string, Environment>, Environment]>([
  [
    'github',
    {
      branch: { GITHUB_REF: 'refs/heads/x/y', GITHUB_REF_NAME: 'x/y', GITHUB_REF_TYPE: 'branch' },
      tag: { GITHUB_REF: 'refs/tags/v1', GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag' },
      pr: {
        GITHUB_REF: 'refs/pull/7/merge',
        GITHUB_REF_NAME: '7/merge',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_HEAD_REF: 'x/y',
      },
    },
    { GITHUB_ACTIONS: 'true', GITHUB_SHA: SHA },
  ],
  [
    'gitlab',
    {
      branch: { CI_COMMIT_BRANCH: 'x/y' },
      tag: { CI_COMMIT_TAG: 'v1' },
      pr: { CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'x/y' },
    },
    { GITLAB_CI: 'true', CI_COMMIT_SHA: SHA, CI_DEFAULT_BRANCH: 'main' },
  ],
  [
    'circleci',
    {
      branch: { CIRCLE_BRANCH: 'x/y' },
      tag: { CIRCLE_TAG: 'v1' },
      pr: { CIRCLE_BRANCH: 'x/y', CIRCLE_PULL_REQUEST: 'https://example.com/a/b/pull/7' },
    },
    { CIRCLECI: 'true', CIRCLE_SHA1: SHA },
  ],
  [
    'buildkite',
    {
      branch: { BUILDKITE_BRANCH: 'x/y', BUILDKITE_PULL_REQUEST: 'false' },
      tag: { BUILDKITE_BRANCH: 'v1', BUILDKITE_TAG: 'v1', BUILDKITE_PULL_REQUEST: 'false' },
      pr: { BUILDKITE_BRANCH: 'x/y', BUILDKITE_PULL_REQUEST: '7' },
    },
    { BUILDKITE: 'true', BUILDKITE_COMMIT: SHA, BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main' },
  ],
  [
    'bitbucket',
    {
      branch: { BITBUCKET_BRANCH: 'x/y' },
      tag: { BITBUCKET_TAG: 'v1' },
      pr: { BITBUCKET_BRANCH: 'x/y', BITBUCKET_PR_ID: '7' },
    },
    { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_COMMIT: SHA },
  ],
  [
    'azure',
    {
      branch: { BUILD_SOURCEBRANCH: 'refs/heads/x/y' },
      tag: { BUILD_SOURCEBRANCH: 'refs/tags/v1' },
      pr: {
        BUILD_SOURCEBRANCH: 'refs/pull/7/merge',
        SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/x/y',
        SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: '7',
      },
    },
    { TF_BUILD: 'True', BUILD_SOURCEVERSION: SHA },
  ],
  [
    'jenkins',
    {
      branch: { BRANCH_NAME: 'x/y' },
      tag: { BRANCH_NAME: 'v1', TAG_NAME: 'v1' },
      pr: { BRANCH_NAME: 'PR-7', CHANGE_ID: '7', CHANGE_BRANCH: 'x/y' },
    },
    { JENKINS_URL: 'http://ci', GIT_COMMIT: SHA },
  ],
])('%s', (system, { branch, tag, pr }, always) => {
  it('is recognised', () => expect(ciCheckout(always)?.system).toBe(system));

  it('names a branch', () =>
    expect(read({ ...always, ...branch })).toMatchObject({ event: 'branch', branch: 'x/y', sha: SHA }));

  it('names a tag', () => expect(read({ ...always, ...tag })).toMatchObject({ event: 'tag', gitTag: 'v1' }));

  it('names a pull request and its branch', () =>
    expect(read({ ...always, ...pr })).toMatchObject({ event: 'pr', pr: '7', branch: 'x/y' }));

  it('takes an empty variable for none', () => {
    const empty = Object.fromEntries(Object.keys({ ...branch, ...tag, ...pr }).map((name) => [name, '']));
    expect(read({ ...empty, ...always, ...branch }).event).toBe('branch');
  });
});

describe('a push to a branch with an open pull request, as CircleCI names it', () => {
  const push = (branch: string, more: Environment = {}): Checkout =>
    read({
      CIRCLECI: 'true',
      CIRCLE_BRANCH: branch,
      CIRCLE_PULL_REQUEST: 'https://example.com/a/b/pull/7',
      ...more,
    });

  it('is one of the default branch where that is to be merged into another one', () => {
    const checkout = push('main');
    expect(checkout).toMatchObject({ event: 'default', branch: 'main' });
    expect(checkout).not.toHaveProperty('pr');
  });

  it('is a pull request anywhere else', () => expect(push('x')).toMatchObject({ event: 'pr', pr: '7' }));

  it('is a pull request from a fork, whatever its branch is called', () =>
    expect(push('main', { CIRCLE_PR_NUMBER: '7' })).toMatchObject({ event: 'pr', pr: '7' }));
});

it('is none on somebody’s machine', () => expect(ciCheckout({ CI: '', HOME: '/h' })).toBeUndefined());

it('leaves to git what it does not say', () => {
  const checkout = checkoutOf([ciCheckout({ CIRCLECI: 'true' })!, { branch: 'main', sha: SHA }], true);
  expect(checkout).toMatchObject({ event: 'default', branch: 'main', sha: SHA, ci: true });
});

it('reads the branch of a classic Jenkins job', () => {
  expect(read({ JENKINS_URL: 'x', GIT_BRANCH: 'origin/x' }).branch).toBe('x');
});
