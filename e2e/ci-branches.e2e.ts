import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BEFORE, STEPS } from '../packages/docker-python/src/render/ci/types';
import { ensureProgram } from '../tools/lint/ensure-program';
import { attempt, run } from '../tools/shell';
import {
  affected,
  eachWithCiRepository,
  everything,
  SCRIPT,
  succeeds,
  VERIFY,
  type Clone,
} from './harness/ci-repository';
import { textOf } from './harness/pages';

/** Which commits are compared and what is pushed, on real repositories; Nx and Docker only take notes here. */

const { current, clone, noted } = eachWithCiRepository();

it('is a script that shellcheck finds nothing wrong with', async () => {
  const job = await clone('job');
  await ensureProgram('shellcheck');
  const { ok, output } = await attempt('shellcheck', [join(job.root, STEPS)]);
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
    expect(noted('nx')).toEqual(['sync:check', everything(VERIFY)]);
  });

  it('fails with files that are out of sync, before anything is built', async () => {
    const job = await clone('job');
    expect((await job.steps(['verify'], { NX_FAILS: 'sync' })).ok).toBe(false);
    expect(noted('nx')).toEqual(['sync:check']);
  });
});

describe('publish', () => {
  const EVERYTHING = everything('push');
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
    const secret = {
      ...{ REGISTRY_USERNAME: 'robot', REGISTRY_PASSWORD: 'canary-1' },
      ...{ REGISTRY_READ_USERNAME_3: 'reader', REGISTRY_READ_PASSWORD_3: 'canary-2' },
    };
    const output = await succeeds(job.steps(['publish'], secret));
    expect(noted('docker')).toEqual(expect.arrayContaining(['stdin: canary-1', 'stdin: canary-2']));
    const programs = ['docker', 'nx', 'npm', 'gh'].flatMap((program) => noted(program));
    const argv = programs.filter((line) => !line.startsWith('stdin: '));
    expect(argv.filter((line) => line.includes('login'))).toEqual([
      'login --username robot --password-stdin registry.example.com',
      'login --username reader --password-stdin mirror.example.com',
    ]);
    expect(argv.join()).not.toContain('canary');
    expect(output).toContain('no login for ghcr.io: REGISTRY_USERNAME_2 and REGISTRY_PASSWORD_2 are not set');
    expect(output).not.toContain('canary');
  });
});

it('hides no value of a file behind a secret that is empty', async () => {
  const job = await clone('job');
  await succeeds(job.steps(['publish'], { ACME_TOKEN: '' }));
  expect(noted('nx-secrets').at(-1)).toBe('none');
  await succeeds(job.steps(['publish'], { ACME_TOKEN: 'canary-1' }));
  expect(noted('nx-secrets').at(-1)).toBe('canary-1');
});

describe('a builder that can export layers, where that of the engine cannot', () => {
  const taken = async (env: Record<string, string> = {}): Promise<readonly string[]> => {
    await succeeds((await clone('job')).steps(['verify'], { OLD_ENGINE: '1', ...env }));
    return noted('current-builder');
  };
  const note = (name: string): string => join(current().environment['NOTES']!, name);

  it('is made and taken', async () => {
    expect(await taken()).toEqual(['docker-python']);
  });

  it('is taken where an earlier job of this machine has made it and another one is the current one', async () => {
    writeFileSync(note('builder-docker-python'), '');
    expect(await taken()).toEqual(['docker-python']);
  });

  it('is taken where another job makes it at the same time', async () => {
    expect(await taken({ FASTER_JOB: '1' })).toEqual(['docker-python']);
  });

  it.each([
    ['be made', { NO_BUILDER: '1' }, ''],
    ['start', { NO_START: '1' }, '--driver-opt image='],
  ])('fails the job where it cannot %s, before anything is built, and is not taken', async (_, env, hint) => {
    const { ok, output } = await (await clone('job')).steps(['verify'], { OLD_ENGINE: '1', ...env });
    expect([ok, output.includes(hint), noted('nx'), noted('current-builder')]).toEqual([false, true, [], []]);
  });
});

describe('what sends nothing', () => {
  it.each(['verify', 'audit', 'mend'])('%s has a login that only reads', async (command) => {
    const job = await clone('job');
    const [write, read] = ['canary-1', 'canary-2'];
    const logins = {
      ...{ REGISTRY_USERNAME: 'robot', REGISTRY_PASSWORD: write },
      ...{ REGISTRY_READ_USERNAME: 'reader', REGISTRY_READ_PASSWORD: read },
    };
    await succeeds(job.steps([command], logins));
    expect(noted('docker')).toContain('login --username reader --password-stdin registry.example.com');
    expect([...noted('docker'), ...noted('nx-environment')].join()).not.toContain(write);
  });
});

describe('what the workspace has run before', () => {
  const NOTE = 'echo "$1 ${REGISTRY_PASSWORD-} ${DOCKER_PYTHON_TOKEN-}" >> "$NOTES/before"\n';
  const GIVEN = {
    REGISTRY_USERNAME: 'robot',
    REGISTRY_PASSWORD: 'canary-1',
    DOCKER_PYTHON_TOKEN: 'canary-5',
  };

  it.each<[string, readonly string[], readonly string[]]>([
    ['verify', [], ['verify']],
    ['publish', [], ['publish canary-1 canary-5']],
    ['release', ['v1'], ['release canary-1 canary-5']],
    ['renew', ['commit'], ['renew canary-1 canary-5']],
    ['mend', [], ['mend']],
    ['audit', [], ['audit']],
    ['mend-push', [], []],
  ])('is told what it is for, and sees what that may: %s', async (command, argv, said) => {
    const job = await clone('job');
    job.write(BEFORE, NOTE);
    await succeeds(job.steps([command, ...argv], { ...GIVEN, RENEWED: 'b' }));
    expect(noted('before').map((line) => line.trim())).toEqual(said);
  });

  /** The scripts that docs/ci.md shows: for one command, for keys and for a role of AWS, for a builder. */
  const SHOWN = shownScripts();

  it('sets what the command would set otherwise', async () => {
    const job = await clone('job');
    job.write(BEFORE, SHOWN.command);
    await succeeds(job.steps(['verify']));
    expect(noted('nx-store').at(-1)).toBe('registry');
    await succeeds(job.steps(['release', 'v1']));
    expect(noted('nx-environment').at(-1)).toBe('{gitTag},stable');
  });

  it('exchanges a key for a login that does not last, once, and for who reads as well', async () => {
    const job = await clone('job');
    const aws = 'aws() { echo "$*" >> "$NOTES/aws"; echo "of-$AWS_ACCESS_KEY_ID-$AWS_SECRET_ACCESS_KEY"; }\n';
    job.write(BEFORE, `${aws}${SHOWN.keys}`);
    const logins = {
      ...{ REGISTRY_USERNAME: 'AKIA1', REGISTRY_PASSWORD: 'canary-6' },
      ...{ REGISTRY_READ_USERNAME: 'AKIA2', REGISTRY_READ_PASSWORD: 'canary-7' },
    };
    const given = (): string[] =>
      noted('docker').filter((line) => /^(login --username AWS|stdin)/.test(line));
    await succeeds(job.steps(['publish'], logins));
    const login = 'login --username AWS --password-stdin registry.example.com';
    expect(given()).toEqual([login, 'stdin: of-AKIA1-canary-6']);
    await succeeds(job.steps(['verify'], logins));
    expect(given().slice(2)).toEqual([login, 'stdin: of-AKIA2-canary-7']);
    // Without keys, as in a fork.
    await succeeds(job.steps(['verify']));
    expect(noted('aws')).toHaveLength(3);
    expect(noted('aws').join()).not.toContain('canary');
  });

  it('exchanges the token of a job of GitHub for a login, where the job may have one', async () => {
    const job = await clone('job');
    const programs = [
      'curl() { { echo "$*"; cat; echo; } >> "$NOTES/curl"; echo canary-8; }',
      'jq() { cat; }',
      'aws() { echo "of-$(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")"; }\n',
    ];
    job.write(BEFORE, `${programs.join('\n')}${SHOWN.role}`);
    await succeeds(job.steps(['publish']));
    expect(noted('curl')).toEqual([]);
    await succeeds(
      job.steps(['publish', 'all'], {
        RUNNER_TEMP: current().environment['NOTES']!,
        ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com/?a=b',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary-9',
      }),
    );
    const [argv, header] = noted('curl');
    expect(argv).toMatch(/ https:\/\/token\.example\.com\/\?a=b&audience=sts\.amazonaws\.com$/);
    expect([argv?.includes('canary'), header]).toEqual([false, 'Authorization: bearer canary-9']);
    expect(noted('docker')).toContain('stdin: of-canary-8');
  });

  it.each(['false\necho on\n', 'push=other\n'])(
    'stops the job where it fails, before anything is asked: %j',
    async (text) => {
      const job = await clone('job');
      job.write(BEFORE, text);
      expect((await job.steps(['publish'])).ok).toBe(false);
      expect([noted('nx'), noted('docker')]).toEqual([[], []]);
    },
  );

  it('makes a builder that the script takes in place of its own', async () => {
    const job = await clone('job');
    job.write(BEFORE, SHOWN.builder);
    for (const command of ['verify', 'publish']) await succeeds(job.steps([command], { OLD_ENGINE: '1' }));
    expect(noted('docker').filter((line) => line.startsWith('buildx create'))).toEqual([
      expect.stringMatching(/^buildx create --name docker-python --driver-opt image=registry\.example\.com/),
    ]);
    expect(noted('current-builder')).toEqual(['docker-python']);
  });

  it('uses a builder of another driver, which the script leaves alone', async () => {
    const job = await clone('job');
    job.write(BEFORE, 'touch "$NOTES/builder-mine"; docker buildx use mine\n');
    await succeeds(job.steps(['verify'], { OLD_ENGINE: '1' }));
    expect(noted('docker').join()).not.toContain('create');
    expect(noted('current-builder')).toEqual(['mine']);
  });
});

describe('release', () => {
  const pushedAs = (): string => noted('nx-environment').at(-1)!.trim();

  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['what it is told', ['v1.4.0'], { CI_COMMIT_TAG: 'other' }, 'v1.4.0'],
    ['the variable of GitHub', [], { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.4.1' }, 'v1.4.1'],
    ['the variable of GitLab', [], { CI_COMMIT_TAG: 'v1.4.2' }, 'v1.4.2'],
    ['the variable of CircleCI', [], { CIRCLE_TAG: 'v1.4.3' }, 'v1.4.3'],
    ['git, if it is its only tag', [], {}, 'v1'],
    ['a name that is none of an image', ['@acme/api@1.10'], {}, 'acme-api-1.10'],
    ['templates that are set', ['v2'], { DOCKER_PYTHON_TAGS: '{gitTag},stable' }, '{gitTag},stable'],
  ])('tags all images with %s', async (_, argv, env, tags) => {
    const job = await clone('job');
    await job.git('tag', 'v1');
    await succeeds(job.steps(['release', ...argv], env));
    expect([noted('nx'), pushedAs()]).toEqual([['sync:check', everything('push')], tags]);
  });

  it('does nothing without a tag', async () => {
    const { ok, output } = await (await clone('job')).steps(['release']);
    expect([ok, output]).toEqual([false, expect.stringContaining('release v1.4.0')]);
    expect(noted('nx')).toEqual([]);
  });
});

describe('renew', () => {
  const tip = (branch: string): Promise<string> =>
    run('git', ['-C', current().origin, 'log', '--format=%s', '--max-count=2', branch]);

  it('builds and tests what changed, commits, and publishes it', async () => {
    const job = await clone('job');
    const one = await job.git('rev-parse', 'HEAD');
    await succeeds(job.steps(['renew', 'commit'], { RENEWED: 'b' }));
    const renewed = await job.git('rev-parse', 'HEAD');
    expect(noted('nx')).toEqual([
      'g docker-python:refresh',
      affected(VERIFY, one, renewed),
      'sync:check',
      everything('push'),
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

  it('asks for a review of each published branch: one does not take the place of another', async () => {
    const dev = await clone('dev');
    await dev.git('switch', '--quiet', '--create', 'release/1');
    await dev.commit('of release 1');
    await dev.git('push', '--quiet', 'origin', 'HEAD');
    for (const branch of ['main', 'release/1']) {
      const job = await clone(`job-of-${branch.length}`, [`--branch=${branch}`]);
      await succeeds(job.steps(['renew', 'pull-request'], { RENEWED: 'b', GITHUB_ACTIONS: 'true' }));
    }
    expect(await tip('docker-python/refresh')).toBe('Renew base images\none\n');
    expect(await tip('docker-python/refresh-release-1')).toBe('Renew base images\nof release 1\n');
    expect(noted('gh').at(-1)).toContain('pr create --head docker-python/refresh-release-1 --base release/1');
  });

  it('asks for a review: one branch, one request, nothing published', async () => {
    const job = await clone('job');
    await succeeds(job.steps(['renew', 'pull-request'], { RENEWED: 'b', GITHUB_ACTIONS: 'true' }));
    expect(await tip('main')).toBe('one\n');
    expect(await tip('docker-python/refresh')).toBe('Renew base images\none\n');
    expect(noted('gh').map((line) => line.split(' --')[0])).toEqual(['pr list', 'pr create']);
    expect(noted('nx').join()).not.toContain('push');
    const renewal = (): Promise<string> =>
      run('git', ['-C', current().origin, 'show', 'docker-python/refresh:docker-python.lock.json']);
    expect(await renewal()).toBe('b\n');
    const next = await clone('next');
    await succeeds(next.steps(['renew', 'pull-request'], { RENEWED: 'c' }));
    expect(await tip('docker-python/refresh')).toBe('Renew base images\none\n');
    expect(await renewal()).toBe('c\n');
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
    expect(await run('git', ['-C', current().origin, 'show', `renovate/idna:${SLICE}`])).toBe('new\n');
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
      // With all arguments as they are, those before the command and passwords in addresses too.
      GIT_TRACE2: '1',
      GIT_TRACE_REDACT: '0',
      GIT_TERMINAL_PROMPT: '0',
    });
    expect(ok).toBe(false);
    const login = btoa('docker-python:canary-2');
    expect(asked).toContain(`Basic ${login}`);
    expect(asked.join()).not.toContain(btoa('old:stale'));
    expect(output).toMatch(/ start git .* push --quiet http:/);
    expect(output).not.toContain('canary-2');
    expect(output).not.toContain(login);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

function shownScripts(): Readonly<Record<'command' | 'keys' | 'role' | 'builder', string>> {
  const found = [...textOf('docs/ci.md').matchAll(/^```bash\n(.*?)^```/gms)].map(([, text]) => text!);
  expect(found.filter((text) => text.startsWith(`# ${BEFORE}\n`))).toHaveLength(4);
  const [command, keys, role, builder] = found as [string, string, string, string];
  return { command, keys, role, builder };
}
