import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { Checkout } from '../reference/checkout';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { readCheckout } from './checkout';

const before = process.env;
afterEach(() => void (process.env = before));

/** A repository on the branch `work` whose remote calls its default branch `trunk`. */
const root = tempFolder();
const git = (...argv: string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...argv], {
    encoding: 'utf8',
  });
git('init', '--quiet', '--initial-branch=work');
git('commit', '--quiet', '--allow-empty', '--message=x');
git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
writeFiles(root, {
  'event.json': '{ "repository": { "default_branch": "of-event" } }',
  'other.json': '{ "repository": null }',
});

/** @param env all that there is */
function read(env: Record<string, string>, chosen?: string, defaultBase?: string): Promise<Checkout> {
  process.env = { PATH: before['PATH'], ...env };
  const nxJsonConfiguration = defaultBase === undefined ? {} : { defaultBase };
  return readCheckout({ root, nxJsonConfiguration } as Partial<ExecutorContext> as ExecutorContext, chosen);
}

const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'feature' };
const GITLAB = { GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'feature', CI_DEFAULT_BRANCH: 'of-gitlab' };

it.each<[string, Record<string, string>, string | undefined, string | undefined, Partial<Checkout>]>([
  [
    'git alone',
    {},
    undefined,
    undefined,
    { branch: 'work', defaultBranch: 'trunk', event: 'branch', ci: false },
  ],
  ['git before nx.json', {}, undefined, 'origin/of-nx', { defaultBranch: 'trunk' }],
  [
    'the options of the plugin before all',
    GITLAB,
    'work',
    'of-nx',
    { branch: 'feature', defaultBranch: 'work' },
  ],
  [
    'a CI system before git',
    GITLAB,
    undefined,
    undefined,
    { branch: 'feature', defaultBranch: 'of-gitlab', ci: true },
  ],
  ['the branch that is chosen as the default one', {}, 'work', undefined, { event: 'default' }],
  [
    'the branch that a variable names, on a system that nobody knows, before git',
    { DOCKER_PYTHON_BRANCH: 'trunk' },
    undefined,
    undefined,
    { branch: 'trunk', event: 'default', sha: git('rev-parse', 'HEAD').trim() },
  ],
  [
    'that branch before the one of a CI system',
    { ...GITLAB, DOCKER_PYTHON_BRANCH: 'of-gitlab' },
    undefined,
    undefined,
    { branch: 'of-gitlab', event: 'default' },
  ],
  [
    'a pull request whose branch a variable names',
    { ...GITLAB, CI_MERGE_REQUEST_IID: '7', DOCKER_PYTHON_BRANCH: 'of-gitlab' },
    undefined,
    undefined,
    { event: 'pr', pr: '7' },
  ],
  ['an empty variable', { DOCKER_PYTHON_BRANCH: '' }, undefined, undefined, { branch: 'work' }],
  ['an unknown CI system', { CI: '1' }, undefined, undefined, { branch: 'work', ci: true }],
  ['CI=false', { CI: 'false' }, undefined, undefined, { ci: false }],
  [
    'the event of GitHub',
    { ...GITHUB, GITHUB_EVENT_PATH: join(root, 'event.json') },
    undefined,
    undefined,
    { defaultBranch: 'of-event', branch: 'feature' },
  ],
  [
    'an event without a repository',
    { ...GITHUB, GITHUB_EVENT_PATH: join(root, 'other.json') },
    undefined,
    undefined,
    { defaultBranch: 'trunk' },
  ],
  [
    'an event that is not there',
    { ...GITHUB, GITHUB_EVENT_PATH: '/nowhere.json' },
    undefined,
    undefined,
    { defaultBranch: 'trunk' },
  ],
])('%s', async (_, env, chosen, defaultBase, wanted) => {
  expect(await read(env, chosen, defaultBase)).toMatchObject(wanted);
});

it('takes the default branch of nx.json, without the remote, where nobody else says one', async () => {
  process.env = { PATH: before['PATH'] };
  const context = { root: tempFolder(), nxJsonConfiguration: { defaultBase: 'origin/of-nx' } };
  expect(await readCheckout(context as Partial<ExecutorContext> as ExecutorContext, undefined)).toEqual({
    event: 'detached',
    defaultBranch: 'of-nx',
    ci: false,
  });
});
