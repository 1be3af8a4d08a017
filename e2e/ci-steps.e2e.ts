import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { renderCircleci } from '../packages/docker-python/src/render/ci/circleci';
import { gitlabRoot, renderGitlab } from '../packages/docker-python/src/render/ci/gitlab';
import { renderGithub } from '../packages/docker-python/src/render/ci/github';
import { renderSteps } from '../packages/docker-python/src/render/ci/steps';
import { STEPS, type CiFacts } from '../packages/docker-python/src/render/ci/types';
import { ciLinters } from '../tools/lint/ci-linters';
import { ensureProgram } from '../tools/lint/ensure-program';
import { attempt, run } from '../tools/shell';

/** Which commits are compared and what is pushed, on real repositories; Nx and Docker only take notes here. */

const FACTS: CiFacts = {
  branches: ['main'],
  schedule: 'weekly',
  renewal: 'commit',
  setup: { node: { version: '24' }, npm: true, install: ['npm ci'], nx: ['nx-notes'] },
  defaultBranch: 'main',
  registries: ['registry.example.com', 'ghcr.io'],
  targets: { build: 'docker-build', smokeTest: 'smoke-test', push: 'push', audit: 'audit' },
  command: 'nx g docker-python:ci',
};
const SCRIPT = renderSteps(FACTS).text;

/** Takes notes, fails for what NX_FAILS matches, and changes what the real generators would. */
const NX = `#!/usr/bin/env bash
echo "$*" >> "$NOTES/nx"
if [ -n "\${NX_FAILS-}" ] && [[ "$*" =~ $NX_FAILS ]]; then exit 1; fi
case "$*" in
  *refresh*) [ -z "\${RENEWED-}" ] || echo "$RENEWED" > docker-python.lock.json ;;
  sync) [ -z "\${MENDED-}" ] || { mkdir -p "$(dirname "$MENDED")"; echo new > "$MENDED"; } ;;
esac
`;
const DOCKER = `#!/usr/bin/env bash
echo "$*" >> "$NOTES/docker"
case "$1 $2" in
  'buildx inspect') echo 'Driver:   docker-container' ;;
  login*) echo "stdin: $(cat)" >> "$NOTES/docker" ;;
esac
`;
const NPM = '#!/usr/bin/env bash\necho "$*" >> "$NOTES/npm"\n';
const GH = '#!/usr/bin/env bash\necho "$*" >> "$NOTES/gh"\n';

let folder: string;
let notes: string;
let origin: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docker-python-steps-'));
  notes = join(folder, 'notes');
  origin = join(folder, 'origin.git');
  mkdirSync(notes);
  for (const [name, text] of Object.entries({ 'nx-notes': NX, docker: DOCKER, gh: GH, npm: NPM })) {
    write(join(folder, 'bin', name), text);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
  const first = await clone('first', ['--quiet']);
  first.write(STEPS, SCRIPT);
  first.write('.gitignore', '.nx\n.gitlab-ci-local\n');
  await first.commit('one');
  await first.git('push', '--quiet', 'origin', 'HEAD:main');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function noted(program: string): readonly string[] {
  const path = join(notes, program);
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

interface Clone {
  readonly root: string;
  git(...argv: string[]): Promise<string>;
  write(path: string, text: string): void;
  /** @returns the commit */
  commit(message: string): Promise<string>;
  steps(
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly ok: boolean; readonly output: string }>;
}

/** What a CI job has of its own: nothing of the machine that these tests run on. */
const CLEAN = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(GITHUB_|CI_|CIRCLE|GITLAB_|DOCKER_PYTHON_|REGISTRY_|GIT_)/.test(name))
    .map((name) => [name, '']),
);

function environment(): Record<string, string> {
  return { ...CLEAN, NOTES: notes, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
}

async function clone(name: string, options: readonly string[] = []): Promise<Clone> {
  const root = join(folder, name);
  // By its protocol, since a clone of a path ignores --depth.
  await run('git', ['clone', '--quiet', ...options, `file://${origin}`, root]);
  const git = async (...argv: string[]): Promise<string> =>
    (
      await run('git', ['-C', root, '-c', 'user.name=dev', '-c', 'user.email=dev@example.com', ...argv])
    ).trim();
  return {
    root,
    git,
    write: (path, text) => write(join(root, path), text),
    async commit(message) {
      write(join(root, 'history', message), message);
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    steps: (argv, env = {}) =>
      attempt('bash', [STEPS, ...argv], { cwd: root, env: { ...environment(), ...env } }),
  };
}

async function succeeds(work: ReturnType<Clone['steps']>): Promise<string> {
  const { ok, output } = await work;
  if (!ok) throw new Error(output);
  return output;
}

const VERIFY = 'docker-build,smoke-test';
const affected = (targets: string, base: string, head: string): string =>
  `affected --targets=${targets} --base=${base} --head=${head}`;

it('is a script that shellcheck finds nothing wrong with', async () => {
  write(join(folder, 'steps.sh'), SCRIPT);
  await ensureProgram('shellcheck');
  const { ok, output } = await attempt('shellcheck', [join(folder, 'steps.sh')]);
  expect({ ok, output }).toEqual({ ok: true, output: '' });
});

describe('verify', () => {
  /** main: one - two; change: one - three. */
  async function fork(): Promise<{ readonly one: string; readonly two: string; readonly three: string }> {
    const dev = await clone('dev');
    const one = await dev.git('rev-parse', 'HEAD');
    await dev.git('switch', '--quiet', '--create', 'change');
    const three = await dev.commit('three');
    await dev.git('switch', '--quiet', 'main');
    const two = await dev.commit('two');
    await dev.git('push', '--quiet', 'origin', 'main', 'change');
    return { one, two, three };
  }

  it.each<[string, readonly string[]]>([
    ['a whole clone', []],
    ['a clone of depth 1, which knows of no other branch', ['--depth=1', '--single-branch']],
    ['a clone of this branch alone', ['--single-branch']],
  ])('%s: compares with where the branch began', async (_, options) => {
    const { one, three } = await fork();
    const job = await clone('job', [...options, '--branch=change']);
    await job.git('switch', '--quiet', '--detach');
    await succeeds(job.steps(['verify']));
    expect(noted('nx')).toEqual(['sync:check', affected(VERIFY, one, three)]);
  });

  it('a merge of the change into its target: compares with the target', async () => {
    const { two } = await fork();
    const job = await clone('job');
    await job.git('merge', '--quiet', '--no-edit', 'origin/change');
    const head = await job.git('rev-parse', 'HEAD');
    await succeeds(job.steps(['verify'], { GITHUB_BASE_REF: 'main' }));
    expect(noted('nx').at(-1)).toBe(affected(VERIFY, two, head));
  });

  it('a merge queue: compares with what is before it in the queue', async () => {
    const { two } = await fork();
    const job = await clone('job');
    const before = await job.commit('another change in the queue');
    const head = await job.commit('this change');
    await succeeds(job.steps(['verify'], { DOCKER_PYTHON_BASE: before }));
    expect([before, noted('nx').at(-1)]).toEqual([before, affected(VERIFY, before, head)]);
    expect(before).not.toBe(two);
  });

  it('a change for another branch: compares with that one', async () => {
    const { three } = await fork();
    const job = await clone('job', ['--single-branch']);
    await job.git('fetch', '--quiet', 'origin', 'change');
    await job.git('switch', '--quiet', '--detach', 'FETCH_HEAD');
    const head = await job.commit('four');
    await succeeds(job.steps(['verify'], { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'change' }));
    expect(noted('nx').at(-1)).toBe(affected(VERIFY, three, head));
  });

  it.each<[string, (job: Clone) => Promise<Record<string, string>>]>([
    [
      'a base that is not in the history',
      async (job) => ({ DOCKER_PYTHON_BASE: await job.git('rev-parse', 'origin/change') }),
    ],
    ['a base that does not exist', () => Promise.resolve({ DOCKER_PYTHON_BASE: 'f'.repeat(40) })],
    ['a target that does not exist', () => Promise.resolve({ DOCKER_PYTHON_TARGET_BRANCH: 'gone' })],
    [
      'a history of its own',
      async (job) => {
        await job.git('switch', '--quiet', '--orphan', 'fresh');
        job.write(STEPS, SCRIPT);
        await job.commit('fresh');
        return {};
      },
    ],
  ])('%s: looks at everything', async (_, prepare) => {
    await fork();
    const job = await clone('job');
    const env = await prepare(job);
    await succeeds(job.steps(['verify'], env));
    expect(noted('nx')).toEqual(['sync:check', `run-many --targets=${VERIFY}`]);
  });

  it('fails with files that are out of sync, before anything is built', async () => {
    const job = await clone('job');
    expect((await job.steps(['verify'], { NX_FAILS: 'sync' })).ok).toBe(false);
    expect(noted('nx')).toEqual(['sync:check']);
  });
});

describe('publish', () => {
  const EVERYTHING = 'run-many --targets=push';
  const remembered = (job: Clone): string =>
    readFileSync(join(job.root, '.nx/docker-python/published'), 'utf8');
  const last = (): string => noted('nx').at(-1)!;

  it('everything the first time; then what changed since, also since a run that failed', async () => {
    const job = await clone('job');
    const one = await job.git('rev-parse', 'HEAD');
    await succeeds(job.steps(['publish']));
    expect([last(), remembered(job)]).toEqual([EVERYTHING, `${one} main\n`]);
    const two = await job.commit('two');
    expect((await job.steps(['publish'], { NX_FAILS: 'affected' })).ok).toBe(false);
    expect([last(), remembered(job)]).toEqual([affected('push', one, two), `${one} main\n`]);
    const three = await job.commit('three');
    await succeeds(job.steps(['publish']));
    expect([last(), remembered(job)]).toEqual([affected('push', one, three), `${three} main\n`]);
    await succeeds(job.steps(['publish', 'all']));
    expect(last()).toBe(EVERYTHING);
  });

  it.each<[string, (job: Clone) => Promise<string>]>([
    [
      'after a force push',
      async (job) => {
        const gone = await job.commit('gone');
        await job.git('reset', '--quiet', '--hard', 'HEAD~1');
        await job.commit('instead');
        return `${gone} main`;
      },
    ],
    ['after one whose old commits are not there any more', () => Promise.resolve(`${'f'.repeat(40)} main`)],
    [
      'of a new branch that another one was published before',
      async (job) => `${await job.git('rev-parse', 'HEAD')} other`,
    ],
    ['with a state that cannot be read', () => Promise.resolve('')],
  ])('everything %s', async (_, prepare) => {
    const job = await clone('job');
    job.write('.nx/docker-python/published', `${await prepare(job)}\n`);
    await succeeds(job.steps(['publish']));
    expect(last()).toBe(EVERYTHING);
  });

  it('nothing where a later commit has been published, so that an old run moves no tag back', async () => {
    const job = await clone('job');
    const two = await job.commit('two');
    job.write('.nx/docker-python/published', `${two} main\n`);
    await job.git('reset', '--quiet', '--hard', 'HEAD~1');
    expect(await succeeds(job.steps(['publish']))).toContain('has been published already');
    expect(noted('nx')).toEqual([]);
  });

  it('finds what was published last in a clone of depth 1 with no branch checked out', async () => {
    const dev = await clone('dev');
    const one = await dev.git('rev-parse', 'HEAD');
    await dev.commit('two');
    const three = await dev.commit('three');
    await dev.git('push', '--quiet', 'origin', 'main');
    const job = await clone('job', ['--depth=1']);
    await job.git('switch', '--quiet', '--detach');
    job.write('.nx/docker-python/published', `${one} main\n`);
    const unnamed = await job.steps(['publish']);
    expect(unnamed).toMatchObject({
      ok: false,
      output: expect.stringContaining('DOCKER_PYTHON_BRANCH') as string,
    });
    await succeeds(job.steps(['publish'], { CI_COMMIT_BRANCH: 'main' }));
    expect(last()).toBe(affected('push', one, three));
  });

  it('logs in with what it is given, which stands in no argument and no log', async () => {
    const job = await clone('job');
    const secret = { REGISTRY_USERNAME: 'robot', REGISTRY_PASSWORD: 'canary-1' };
    const output = await succeeds(job.steps(['publish'], secret));
    expect(noted('docker')).toEqual(
      expect.arrayContaining([
        'login --username robot --password-stdin registry.example.com',
        'stdin: canary-1',
      ]),
    );
    expect(noted('docker').filter((line) => line.includes('ghcr.io'))).toEqual([]);
    expect(output).toContain('no login for ghcr.io: REGISTRY_USERNAME_2 and REGISTRY_PASSWORD_2 are not set');
    expect(output).not.toContain('canary');
  });
});

describe('renew', () => {
  const tip = (branch: string): Promise<string> =>
    run('git', ['-C', origin, 'log', '--format=%s', '--max-count=2', branch]);

  it('builds and tests what changed, commits, and publishes it', async () => {
    const job = await clone('job');
    const one = await job.git('rev-parse', 'HEAD');
    await succeeds(job.steps(['renew', 'commit'], { RENEWED: 'b' }));
    const renewed = await job.git('rev-parse', 'HEAD');
    expect(noted('nx')).toEqual([
      'g docker-python:refresh',
      affected(VERIFY, one, renewed),
      'sync:check',
      'run-many --targets=push',
    ]);
    expect(await tip('main')).toBe('Renew base images\none\n');
  });

  it('does nothing where nothing is new', async () => {
    const job = await clone('job');
    expect(await succeeds(job.steps(['renew', 'commit']))).toContain('Nothing to renew');
    expect(noted('nx')).toEqual(['g docker-python:refresh']);
  });

  it('commits and publishes nothing that fails its test', async () => {
    const job = await clone('job');
    expect((await job.steps(['renew', 'commit'], { RENEWED: 'b', NX_FAILS: 'smoke-test' })).ok).toBe(false);
    expect(await tip('main')).toBe('one\n');
    expect(noted('nx').join()).not.toContain('push');
  });

  it('goes on top of what somebody pushed meanwhile', async () => {
    const job = await clone('job');
    const dev = await clone('dev');
    await dev.commit('two');
    await dev.git('push', '--quiet', 'origin', 'main');
    await succeeds(job.steps(['renew', 'commit'], { RENEWED: 'b' }));
    expect(await tip('main')).toBe('Renew base images\ntwo\n');
  });

  it('asks for a review: one branch, one request, nothing published', async () => {
    const job = await clone('job');
    await succeeds(job.steps(['renew', 'pull-request'], { RENEWED: 'b', GITHUB_ACTIONS: 'true' }));
    expect(await tip('main')).toBe('one\n');
    expect(await tip('docker-python/refresh')).toBe('Renew base images\none\n');
    expect(noted('gh').map((line) => line.split(' --')[0])).toEqual(['pr list', 'pr create']);
    expect(noted('nx').join()).not.toContain('push');
    const next = await clone('next');
    await succeeds(next.steps(['renew', 'pull-request'], { RENEWED: 'c' }));
    expect(await tip('docker-python/refresh')).toBe('Renew base images\none\n');
  });
});

describe('mend', () => {
  const SLICE = 'apps/api/docker/requirements.lock';

  async function botBranch(): Promise<Clone> {
    const bot = await clone('bot');
    await bot.git('switch', '--quiet', '--create', 'renovate/idna');
    await bot.commit('Bump idna');
    await bot.git('push', '--quiet', 'origin', 'HEAD');
    return clone('job', ['--branch=renovate/idna']);
  }

  it('makes a patch in one job and pushes it in another', async () => {
    const job = await botBranch();
    await succeeds(job.steps(['mend'], { MENDED: SLICE }));
    const other = await clone('other', ['--branch=renovate/idna']);
    other.write('mend.patch', readFileSync(join(job.root, 'mend.patch'), 'utf8'));
    const before = noted('nx').length;
    await succeeds(other.steps(['mend-push']));
    expect(noted('nx')).toHaveLength(before);
    expect(await run('git', ['-C', origin, 'show', `renovate/idna:${SLICE}`])).toBe('new\n');
  });

  it('pushes nothing where nothing is out of line', async () => {
    const job = await botBranch();
    await succeeds(job.steps(['mend']));
    expect(readFileSync(join(job.root, 'mend.patch'), 'utf8')).toBe('');
    expect(await succeeds(job.steps(['mend-push']))).toContain('Nothing to mend');
  });

  it('refuses a patch of anything that is not managed', async () => {
    const job = await botBranch();
    job.write('.github/workflows/evil.yml', 'on: push\n');
    await job.git('add', '.github');
    const patch = await run('git', ['-C', job.root, 'diff', '--cached', '--binary']);
    await job.git('reset', '--quiet', '--hard');
    job.write('mend.patch', patch);
    const { ok, output } = await job.steps(['mend-push']);
    expect([ok, output]).toEqual([false, expect.stringContaining('evil.yml')]);
  });

  it('leaves a branch that has moved on to its next run', async () => {
    const job = await botBranch();
    await succeeds(job.steps(['mend'], { MENDED: SLICE }));
    const bot = await clone('again', ['--branch=renovate/idna']);
    await bot.commit('Bump it further');
    await bot.git('push', '--quiet', 'origin', 'HEAD');
    await job.git('clean', '--quiet', '--force', '-d', 'apps');
    expect(await succeeds(job.steps(['mend-push']))).toContain('has moved on');
  });
});

it('a token for pushing reaches the server, and no argument or log', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization ?? '');
    response.writeHead(request.headers.authorization === undefined ? 401 : 403, {
      'www-authenticate': 'Basic realm="git"',
    });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const job = await clone('job');
    await job.git(
      'remote',
      'set-url',
      '--push',
      'origin',
      `http://old:stale@127.0.0.1:${(server.address() as AddressInfo).port}/x.git`,
    );
    const { ok, output } = await job.steps(['renew', 'commit'], {
      RENEWED: 'b',
      DOCKER_PYTHON_TOKEN: 'canary-2',
      GIT_TRACE: '1',
      GIT_TERMINAL_PROMPT: '0',
    });
    expect(ok).toBe(false);
    expect(asked).toContain(`Basic ${Buffer.from('docker-python:canary-2').toString('base64')}`);
    expect(asked.join()).not.toContain(Buffer.from('old:stale').toString('base64'));
    expect(output).toContain('push');
    expect(output).not.toContain('canary-2');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

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
      const result = await attempt('bash', argv, { cwd: root, env: { ...environment(), ...env } });
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
  return attempt(gitlabCiLocal, argv, { cwd: root, env: environment() });
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
