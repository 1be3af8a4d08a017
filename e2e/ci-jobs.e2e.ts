import { renderCircleci } from '../packages/docker-python/src/render/ci/circleci';
import { gitlabRoot, renderGitlab } from '../packages/docker-python/src/render/ci/gitlab';
import { renderGithub } from '../packages/docker-python/src/render/ci/github';
import { attempt, run } from '../tools/shell';
import {
  affected,
  eachWithCiRepository,
  everything,
  FACTS,
  VERIFY,
  type Clone,
} from './harness/ci-repository';
import {
  byGitlabCiLocal,
  byStepsOfCircleci,
  byStepsOfGithub,
  OWN_ENGINE,
  type CiMachine,
  type RunJob,
} from './harness/ci-runners';

/** The jobs of each CI system, run as that system does, on real repositories; Nx and Docker only take notes here. */

/** What the system keeps: one that builds read, and one that is none of theirs. */
const SECRETS = { ACME_TOKEN: 'canary-3', OTHER_TOKEN: 'canary-4' };

const { current, clone, noted } = eachWithCiRepository();

/** What happens, by the jobs that are for it. */
const FOR = {
  verify: 'change',
  publish: 'push',
  release: 'release',
  renew: 'schedule',
  audit: 'schedule',
  mend: 'bot',
} as const;
type When = (typeof FOR)[keyof typeof FOR];

describe.each<[string, RunJob, Record<When, Record<string, string>>]>([
  [
    'GitHub Actions',
    byStepsOfGithub,
    {
      change: { GITHUB_BASE_REF: 'main', GITHUB_REF_NAME: '7/merge' },
      push: { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
      release: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.0' },
      schedule: { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
      bot: { GITHUB_OUTPUT: '/dev/null' },
    },
  ],
  [
    'GitLab CI',
    byGitlabCiLocal,
    {
      change: { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
      push: { CI_PIPELINE_SOURCE: 'push' },
      release: { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1.4.0' },
      schedule: { CI_PIPELINE_SOURCE: 'schedule', DOCKER_PYTHON: 'renewal' },
      bot: { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'renovate/x' },
    },
  ],
  [
    'CircleCI',
    byStepsOfCircleci,
    {
      change: { CIRCLE_BRANCH: 'change' },
      push: { CIRCLE_BRANCH: 'main' },
      release: { CIRCLE_TAG: 'v1.4.0' },
      schedule: { CIRCLE_BRANCH: 'main' },
      bot: { CIRCLE_BRANCH: 'renovate/x' },
    },
  ],
])('the jobs of %s', (_, runJob, when) => {
  let base: string;

  beforeEach(async () => {
    const dev = await clone('dev');
    for (const { path, text } of [
      gitlabRoot(),
      ...renderGitlab(FACTS),
      ...renderGithub(FACTS),
      ...renderCircleci(FACTS, '.circleci/config.yml'),
    ])
      dev.write(path, path === gitlabRoot().path ? text + OWN_ENGINE : text);
    dev.write('package-lock.json', '{}');
    base = await dev.commit('configured');
    await dev.git('switch', '--quiet', '--create', 'change');
    await dev.commit('two');
    await dev.git('push', '--quiet', 'origin', 'main', 'change');
  });

  const succeeded = async (job: Clone, name: string, env: Record<string, string>): Promise<void> => {
    const start: CiMachine['start'] = (program, argv, more) =>
      attempt(program, argv, { cwd: job.root, env: { ...current().environment, ...more } });
    const { ok, output } = await runJob({ root: job.root, start, secrets: SECRETS }, name, env);
    if (!ok) throw new Error(output);
  };

  it('build and test a change', async () => {
    const job = await clone('job', ['--branch=change']);
    await succeeded(job, 'verify', when.change);
    expect(noted('npm')).toEqual(['ci']);
    expect(noted('nx')).toEqual(['sync:check', affected(VERIFY, base, await job.git('rev-parse', 'HEAD'))]);
  });

  it('publish a push, and then what came after it', async () => {
    const job = await clone('job');
    await succeeded(job, 'publish', when.push);
    const next = await job.commit('three');
    await succeeded(job, 'publish', when.push);
    expect(noted('nx').filter((line) => line.includes('push'))).toEqual([
      everything('push'),
      affected('push', base, next),
    ]);
  });

  it.each(Object.keys(FOR) as (keyof typeof FOR)[])('give builds their secret in %s', async (name) => {
    const job = await clone('job');
    await succeeded(job, name, { RENEWED: 'b', ...when[FOR[name]] });
    expect(new Set(noted('nx-secrets'))).toEqual(new Set([SECRETS.ACME_TOKEN]));
  });

  it('release everything under the tag', async () => {
    await succeeded(await clone('job'), 'release', when.release);
    expect(noted('nx')).toEqual(['sync:check', everything('push')]);
    expect(noted('nx-environment').at(-1)).toBe('v1.4.0');
  });

  it('renew and audit when it is time', async () => {
    const job = await clone('job');
    await succeeded(job, 'audit', when.schedule);
    await succeeded(job, 'renew', { ...when.schedule, RENEWED: 'b' });
    expect(noted('nx')).toEqual([
      'run-many --targets=audit',
      'g docker-python:refresh',
      affected(VERIFY, base, await job.git('rev-parse', 'HEAD')),
      'sync:check',
      everything('push'),
    ]);
    expect(await run('git', ['-C', current().origin, 'log', '-1', '--format=%s', 'main'])).toBe(
      'Renew base images\n',
    );
  });
});
