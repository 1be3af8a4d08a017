import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderCircleci } from '../packages/docker-python/src/render/ci/circleci';
import { gitlabRoot, renderGitlab } from '../packages/docker-python/src/render/ci/gitlab';
import { renderGithub } from '../packages/docker-python/src/render/ci/github';
import { ciLinters } from '../tools/lint/ci-linters';
import { ensureProgram } from '../tools/lint/ensure-program';
import { attempt, run } from '../tools/shell';
import {
  affected,
  createCiRepository,
  FACTS,
  VERIFY,
  type CiRepository,
  type Clone,
} from './harness/ci-repository';

/** The jobs of each CI system, run as that system does, on real repositories; Nx and Docker only take notes here. */

let repository: CiRepository;
let origin: string;

beforeEach(async () => {
  repository = await createCiRepository();
  ({ origin } = repository);
});

afterEach(() => repository.remove());

const clone = (name: string, options?: readonly string[]): Promise<Clone> => repository.clone(name, options);
const noted = (program: string): readonly string[] => repository.noted(program);

/** A job as its CI system runs it: the commands of its steps, one after the other. */
type RunJob = (
  root: string,
  job: string,
  env: Readonly<Record<string, string>>,
) => Promise<{ readonly ok: boolean; readonly output: string }>;

interface Step {
  readonly run?: string | { readonly command: string };
}

const byItsSteps =
  (path: string, prefix: string): RunJob =>
  async (root, job, env) => {
    const { jobs } = parse(readFileSync(join(root, path), 'utf8')) as {
      jobs: Record<string, { steps: readonly (string | Step)[] }>;
    };
    let output = '';
    for (const step of jobs[`${prefix}${job}`]!.steps) {
      if (typeof step === 'string' || step.run === undefined) continue;
      const command = typeof step.run === 'string' ? step.run : step.run.command;
      const argv = ['-eo', 'pipefail', '-c', command];
      const result = await attempt('bash', argv, { cwd: root, env: { ...repository.environment, ...env } });
      output += result.output;
      if (!result.ok) return { ok: false, output };
    }
    return { ok: true, output };
  };

/** GitLab's part is run by a runner for this machine, which reads the rules as well. */
const byGitlabCiLocal: RunJob = async (root, job, env) => {
  const { gitlabCiLocal } = await ciLinters();
  await ensureProgram('rsync');
  const argv = [
    `docker-python:${job}`,
    '--force-shell-executor',
    '--no-shell-isolation',
    `--ignore-predefined-vars=${Object.keys(env).join()}`,
    ...Object.entries(env).map(([name, value]) => `--variable=${name}=${value}`),
  ];
  return attempt(gitlabCiLocal, argv, { cwd: root, env: repository.environment });
};

/** What docs/ci.md says for a GitLab runner that has an engine of its own. */
const OWN_ENGINE = '\n.docker-python:\n  services: []\n';

describe.each<[string, RunJob, Record<'change' | 'push' | 'schedule', Record<string, string>>]>([
  [
    'GitHub Actions',
    byItsSteps('.github/workflows/docker-python.yml', ''),
    {
      change: { GITHUB_BASE_REF: 'main', GITHUB_REF_NAME: '7/merge' },
      push: { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
      schedule: { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
    },
  ],
  [
    'GitLab CI',
    byGitlabCiLocal,
    {
      change: { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
      push: { CI_PIPELINE_SOURCE: 'push' },
      schedule: { CI_PIPELINE_SOURCE: 'schedule' },
    },
  ],
  [
    'CircleCI',
    byItsSteps('.circleci/config.yml', 'docker-python-'),
    {
      change: { CIRCLE_BRANCH: 'change' },
      push: { CIRCLE_BRANCH: 'main' },
      schedule: { CIRCLE_BRANCH: 'main' },
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
    const { ok, output } = await runJob(job.root, name, env);
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
      'run-many --targets=push',
      affected('push', base, next),
    ]);
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
      'run-many --targets=push',
    ]);
    expect(await run('git', ['-C', origin, 'log', '-1', '--format=%s', 'main'])).toBe('Renew base images\n');
  });
});
