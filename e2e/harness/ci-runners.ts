import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ciLinters } from '../../tools/lint/ci-linters';
import { ensureProgram } from '../../tools/lint/ensure-program';

/** What a job runs on: a checkout, and how a program is started in it. */
export interface CiMachine {
  readonly root: string;
  /** Those of the repository or project. */
  readonly secrets?: Readonly<Record<string, string>>;
  start(
    program: string,
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly ok: boolean; readonly output: string }>;
}

/**
 * Runs a job as its CI system does.
 *
 * @param env variables of that system
 */
export type RunJob = (
  machine: CiMachine,
  job: string,
  env: Readonly<Record<string, string>>,
) => ReturnType<CiMachine['start']>;

interface Step {
  readonly run?: string | { readonly command: string };
  readonly env?: Readonly<Record<string, string>>;
}

/** Which secrets a step is given. */
type Secrets = (step: Step, all: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;

/** Those that it names, under the names that it gives them; one that is not there is empty. */
const named: Secrets = ({ env = {} }, all) =>
  Object.fromEntries(
    Object.entries(env).flatMap(([variable, value]) => {
      const [, name] = /^\$\{\{ secrets\.(\w+) \}\}$/.exec(value) ?? [];
      return name === undefined ? [] : [[variable, all[name] ?? '']];
    }),
  );
const everyOne: Secrets = (_, all) => all;

/** The commands of its steps, one after the other; actions of others are left out. */
function byItsSteps(path: string, prefix: string, secretsOf: Secrets): RunJob {
  return async ({ root, start, secrets = {} }, job, env) => {
    const { jobs } = parse(readFileSync(join(root, path), 'utf8')) as {
      jobs: Record<string, { steps: readonly (string | Step)[] }>;
    };
    let output = '';
    for (const step of jobs[`${prefix}${job}`]!.steps) {
      if (typeof step === 'string' || step.run === undefined) continue;
      const command = typeof step.run === 'string' ? step.run : step.run.command;
      const given = { ...env, ...secretsOf(step, secrets) };
      const result = await start('bash', ['-eo', 'pipefail', '-c', command], given);
      output += result.output;
      if (!result.ok) return { ok: false, output };
    }
    return { ok: true, output };
  };
}

export const byStepsOfGithub = byItsSteps('.github/workflows/docker-python.yml', '', named);
export const byStepsOfCircleci = byItsSteps('.circleci/config.yml', 'docker-python-', everyOne);

/** @returns the program, which the first call installs */
export async function prepareGitlabCiLocal(): Promise<string> {
  await ensureProgram('rsync');
  return (await ciLinters()).gitlabCiLocal;
}

/** GitLab's part is run by a runner for this machine, which reads the rules as well. */
export const byGitlabCiLocal: RunJob = async ({ start, secrets = {} }, job, env) => {
  const gitlabCiLocal = await prepareGitlabCiLocal();
  const argv = [
    `docker-python:${job}`,
    '--force-shell-executor',
    '--no-shell-isolation',
    `--ignore-predefined-vars=${Object.keys(env).join()}`,
    ...Object.entries({ ...env, ...secrets }).map(([name, value]) => `--variable=${name}=${value}`),
  ];
  return start(gitlabCiLocal, argv, {});
};

/** What docs/ci.md says for a GitLab runner that has an engine of its own. */
export const OWN_ENGINE = `
.docker-python:
  services: []
  variables:
    DOCKER_HOST: ${process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock'}
    DOCKER_TLS_VERIFY: ''
    DOCKER_CERT_PATH: ''
`;
