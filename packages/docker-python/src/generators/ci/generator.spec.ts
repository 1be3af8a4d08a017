import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';
import { readNxJson, updateNxJson } from '@nx/devkit';
import { tempFolder } from '../../testing/temp-folder';
import { complaint, filesOf, quietly } from '../../testing/workspace';
import { STEPS } from '../../render/ci/types';
import { ciFacts } from './facts';
import ci, { type CiOptions } from './generator';

import {
  made,
  PATHS,
  PROVIDERS,
  withSecrets,
  workspace,
  type Tree,
  type Workflow,
} from '../../testing/ci-workspace';

it.each([
  [undefined, { branch: 'master' }, 'master'],
  [undefined, { branch: 'feature' }, 'main'],
  [undefined, { branch: 'feature', defaultBranch: 'develop' }, 'develop'],
  ['origin/develop', { branch: 'master' }, 'develop'],
  ['main', { branch: 'master', defaultBranch: 'develop' }, 'develop'],
])('publishes the default branch: %s in nx.json, with the checkout %j', (defaultBase, git, expected) => {
  const tree = workspace();
  const nxJson = readNxJson(tree)!;
  delete nxJson.defaultBase;
  updateNxJson(tree, { ...nxJson, ...(defaultBase ? { defaultBase } : {}) });
  expect(ciFacts(tree, { provider: 'script' }, git).branches).toEqual([expected]);
});

it('asks git for the default branch of the remote', async () => {
  const tree = workspace();
  tree.root = tempFolder();
  const git = (...argv: string[]): Buffer => execFileSync('git', ['-C', tree.root, ...argv]);
  git('init', '--quiet');
  git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
  const { text } = await made({ provider: 'script' }, tree);
  expect(text).toMatch(/^default_branch=develop$/m);
});

describe('GitHub Actions', () => {
  it('gives each job what it needs and no more', async () => {
    const { jobs, permissions, on } = parse((await made({ provider: 'github' })).text) as Workflow;
    expect(permissions).toEqual({});
    expect(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))).toEqual({
      verify: { contents: 'read', packages: 'read' },
      publish: { contents: 'read', packages: 'write' },
      release: { contents: 'read', packages: 'write' },
      renew: { contents: 'write', packages: 'write' },
      audit: { contents: 'read', packages: 'read' },
      mend: { contents: 'read', packages: 'read' },
      'mend-push': { contents: 'write' },
    });
    expect(on['push']).toEqual({ branches: ['main', 'dependabot/**', 'renovate/**'], tags: ['v*'] });
    expect(on['schedule']).toEqual([{ cron: '23 4 * * 1' }]);
    expect(Object.keys(on)).toEqual(
      expect.arrayContaining(['pull_request', 'merge_group', 'workflow_dispatch']),
    );
  });

  it('takes the token of a cache of Nx that only reads, where there is one, for what nobody has looked at', async () => {
    const { jobs } = parse((await made({ provider: 'github' })).text) as Workflow;
    const reading = ['NX_CLOUD', 'NX_SELF_HOSTED_REMOTE_CACHE'].map(
      (cache) => `secrets.${cache}_READ_TOKEN ||`,
    );
    const readers = Object.keys(jobs).filter((name) =>
      reading.every((word) => JSON.stringify(jobs[name]).includes(word)),
    );
    expect(readers).toEqual(['verify', 'audit']);
  });

  it('has nothing that writes in the job that runs what a bot bumped, and no code in the one that writes', async () => {
    const { jobs } = parse((await made({ provider: 'github' }, withSecrets())).text) as Workflow;
    expect(JSON.stringify(jobs['mend']).match(/secrets\.\w+/g)).toEqual([
      'secrets.REGISTRY_READ_USERNAME',
      'secrets.REGISTRY_READ_PASSWORD',
      'secrets.ACME_TOKEN',
      'secrets.GITHUB_TOKEN',
    ]);
    const commands = jobs['mend-push']!.steps.flatMap(({ run }) => run ?? []);
    expect(commands).toEqual([`bash ${STEPS} mend-push`]);
  });

  it('hands on what push says of the images, from each job that pushes', async () => {
    const { jobs } = parse((await made({ provider: 'github' })).text) as Workflow;
    const pushing = ['publish', 'release', 'renew'];
    expect(pushing.map((name) => jobs[name]!.steps.at(-1)!.id)).toEqual(pushing);
    expect(pushing.map((name) => jobs[name]!.outputs)).toEqual(
      pushing.map((name) => ({ pushed: `\${{ toJSON(steps.${name}.outputs) }}` })),
    );
  });

  it('asks for a review, every day, for some branches, or never, as it is told', async () => {
    const options = { renewal: 'pull-request', schedule: 'daily', branches: ['main', 'release/*'] } as const;
    const { jobs, on } = parse((await made({ provider: 'github', ...options })).text) as Workflow;
    expect(jobs['renew']!.permissions).toMatchObject({ 'pull-requests': 'write' });
    expect(jobs['renew']!.steps.at(-1)!.run).toBe(`bash ${STEPS} renew pull-request`);
    expect(on['schedule']).toEqual([{ cron: '23 4 * * *' }]);
    expect(on['push']).toMatchObject({ branches: expect.arrayContaining<string>(['release/*']) as string[] });
    const never = parse((await made({ provider: 'github', schedule: 'never' })).text) as Workflow;
    expect(Object.keys(never.jobs)).toEqual(['verify', 'publish', 'release', 'mend', 'mend-push']);
    expect(Object.keys(never.on)).not.toContain('schedule');
  });

  it('logs in with its own token where it can, else with secrets', async () => {
    const tree = workspace({ registry: 'registry.example.com:5000/x' });
    const { printed, text } = await made({ provider: 'github' }, tree);
    expect(printed).toContain(
      'The login of registry.example.com:5000: REGISTRY_USERNAME_2 and REGISTRY_PASSWORD_2, secrets of the repository; one that only reads, for verify: REGISTRY_READ_USERNAME_2 and REGISTRY_READ_PASSWORD_2.',
    );
    const { jobs } = parse(text) as Workflow;
    expect(jobs['publish']!.steps.at(-1)!.env).toMatchObject({
      REGISTRY_USERNAME: '${{ github.actor }}',
      REGISTRY_PASSWORD: '${{ github.token }}',
      REGISTRY_USERNAME_2: '${{ secrets.REGISTRY_USERNAME_2 }}',
      REGISTRY_PASSWORD_2: '${{ secrets.REGISTRY_PASSWORD_2 }}',
    });
    for (const name of ['verify', 'audit']) {
      const { env } = jobs[name]!.steps.at(-1)!;
      expect(env).toMatchObject({
        REGISTRY_READ_PASSWORD: '${{ github.token }}',
        REGISTRY_READ_PASSWORD_2: '${{ secrets.REGISTRY_READ_PASSWORD_2 }}',
      });
      expect(Object.keys(env!).join()).not.toMatch(/REGISTRY_(USERNAME|PASSWORD)/);
    }
    expect(tree.read(STEPS, 'utf-8')).toContain('registries=(ghcr.io registry.example.com:5000)');
  });
});

describe('GitLab CI', () => {
  it('runs each job for what it is meant for', async () => {
    const { text, tree } = await made({ provider: 'gitlab', branches: ['main', 'release/*'] });
    const jobs = parse(text, { customTags: [reference] }) as Record<string, { rules: { if: string }[] }>;
    const rules = (name: string) => jobs[`docker-python:${name}`]!.rules.map((rule) => rule.if);
    expect(rules('verify')).toEqual(['$CI_PIPELINE_SOURCE == "merge_request_event"']);
    expect(rules('publish')).toEqual([
      String.raw`$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH =~ /^(main|release\/[^\/]*)$/`,
    ]);
    expect(rules('release')).toEqual([
      String.raw`$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_TAG =~ /^(v[^\/]*)$/`,
    ]);
    expect(rules('renew')).toEqual(
      ['schedule', 'web'].map(
        (source) => `$CI_PIPELINE_SOURCE == "${source}" && $DOCKER_PYTHON == "renewal"`,
      ),
    );
    expect(tree.read('.gitlab-ci.yml', 'utf-8')).toBe('include:\n  - local: .gitlab/docker-python.yml\n');
  });

  it('asks for no login of its own registry, whoever hosts it', async () => {
    const tree = workspace({ registry: ['registry.gitlab.com/x', 'registry.gitlab.example.com/x'] });
    const { printed, text } = await made({ provider: 'gitlab' }, tree);
    expect(text).toContain('REGISTRY_USERNAME_3: $CI_REGISTRY_USER');
    expect(printed.match(/The login of [^:]+/g)).toEqual(['The login of ghcr.io']);
  });

  it('installs all that the targets call where the image has no client: smoke tests call compose', async () => {
    const { text } = await made({ provider: 'gitlab' });
    const { image, before_script } = (parse(text, { customTags: [reference] }) as Record<string, Template>)[
      '.docker-python'
    ]!;
    expect(image).toBe('node:24-trixie');
    expect(before_script[0]).toMatch(/apt-get install .* docker-cli docker-buildx docker-compose; \}$/);
  });

  it('leaves a pipeline that is there alone, and says what to add', async () => {
    const tree = workspace();
    tree.write('.gitlab-ci.yml', 'stages: [test]\n');
    const { printed } = await made({ provider: 'gitlab' }, tree);
    expect(tree.read('.gitlab-ci.yml', 'utf-8')).toBe('stages: [test]\n');
    expect(printed).toContain('Add to .gitlab-ci.yml: include: [{ local: .gitlab/docker-python.yml }]');
  });
});

/** What the jobs of GitLab extend. */
interface Template {
  readonly image: string;
  readonly before_script: readonly string[];
}

/** GitLab's own tag. */
const reference = { tag: '!reference', collection: 'seq' as const };

describe('CircleCI', () => {
  it('names its jobs in its workflows', async () => {
    const { jobs, workflows } = parse((await made({ provider: 'circleci' })).text) as Record<
      string,
      Record<string, { jobs: (string | object)[] }>
    >;
    const used = Object.values(workflows!).flatMap((workflow) =>
      workflow.jobs.map((job) => (typeof job === 'string' ? job : Object.keys(job)[0]!)),
    );
    expect([...used].sort()).toEqual(Object.keys(jobs!).sort());
  });

  it('goes beside a configuration that is somebody else’s', async () => {
    const tree = workspace();
    tree.write('.circleci/config.yml', 'version: 2.1\n');
    const { printed } = await made({ provider: 'circleci' }, tree);
    expect(tree.read('.circleci/config.yml', 'utf-8')).toBe('version: 2.1\n');
    expect(tree.read('.circleci/docker-python.yml', 'utf-8')).toContain('docker-python-verify');
    expect(printed).toContain('Add a pipeline for .circleci/docker-python.yml');
  });
});

describe.each(PROVIDERS)('%s', (provider) => {
  it('changes nothing the second time, follows other options, and leaves an edited file alone', async () => {
    const { tree } = await made({ provider });
    const before = filesOf(tree);
    const again = await made({ provider }, tree);
    expect(filesOf(tree)).toEqual(before);
    expect(again.printed).toContain(`${PATHS[provider]}: current`);
    const edited = `${again.text}# mine\n`;
    tree.write(PATHS[provider], edited);
    const kept = await made({ provider, schedule: 'daily' }, tree);
    expect(kept.text).toBe(edited);
    expect(kept.printed).toContain(`${PATHS[provider]}: edited by hand, left alone`);
    const replaced = await made({ provider, overwrite: true }, tree);
    expect(replaced.text).toBe(again.text);
  });

  it('releases for the tags that it is told, or for none', async () => {
    const some = await made({ provider, releaseTags: ['v*', 'release/**'] });
    const none = await made({ provider, releaseTags: ['never'] });
    for (const { text, tree } of [some, none]) {
      const { command } = /To renew it: (?<command>.*)$/m.exec(text)!.groups!;
      const again = workspace();
      await quietly(() => ci(again, parsed(command!)));
      expect(filesOf(again)).toEqual(filesOf(tree));
    }
    if (provider === 'script') return;
    expect(some.text).toMatch(/release\/\*\*|release\\\/\.\*/);
    expect(none.text).not.toMatch(/\brelease\b/);
  });

  it('needs no registry yet, and says that there is none', async () => {
    const tree = workspace();
    updateNxJson(tree, { ...readNxJson(tree), plugins: ['docker-python'] });
    const { printed } = await made({ provider }, tree);
    expect(printed).toContain('No "registry" is set yet');
    expect(printed).not.toContain('"cache"');
    expect(tree.read(STEPS, 'utf-8')).toContain('registries=()');
  });
});

/** The options of a command line. */
function parsed(command: string): CiOptions {
  const all = [...command.matchAll(/--(\w+)=([^\s']+)/g)].map(([, name, value]) => [name!, value!] as const);
  const of = (name: string): string[] => all.filter(([each]) => each === name).map(([, value]) => value);
  return { provider: of('provider')[0] as CiOptions['provider'], releaseTags: of('releaseTags') };
}

it('the script is the same for two CI systems', async () => {
  const { tree } = await made({ provider: 'github' });
  const before = tree.read(STEPS, 'utf-8');
  await made({ provider: 'circleci' }, tree);
  expect(tree.read(STEPS, 'utf-8')).toBe(before);
});

it.each<[string, (tree: Tree) => void, string, string]>([
  ['npm', () => undefined, 'npm ci', 'nx=(npx nx)'],
  ['pnpm', (tree) => tree.write('pnpm-lock.yaml', ''), 'pnpm install --frozen-lockfile', 'nx=(pnpm exec nx)'],
  ['yarn', (tree) => tree.write('yarn.lock', ''), 'yarn install --frozen-lockfile', 'nx=(yarn nx)'],
  ['bun', (tree) => tree.write('bun.lock', ''), 'bun install --frozen-lockfile', 'nx=(bunx nx)'],
])('%s installs and starts Nx', async (_, prepare, install, nx) => {
  for (const provider of ['github', 'gitlab', 'circleci'] as const) {
    const tree = workspace();
    prepare(tree);
    expect((await made({ provider }, tree)).text).toContain(install);
    expect(tree.read(STEPS, 'utf-8')).toContain(nx);
  }
});

it('uses the targets that nx.json names, and the Node that a file names', async () => {
  const tree = workspace();
  tree.write('.nvmrc', '22\n');
  updateNxJson(tree, {
    ...readNxJson(tree),
    defaultBase: 'trunk',
    plugins: [{ plugin: 'docker-python', options: { targets: { build: 'container' } } }],
  });
  const { text } = await made({ provider: 'github' }, tree);
  expect(text).toContain('node-version-file: .nvmrc');
  expect(tree.read(STEPS, 'utf-8')).toMatch(/^build=container smoke_test=smoke-test$/m);
  expect(tree.read(STEPS, 'utf-8')).toMatch(/^default_branch=trunk$/m);
});

it.each(["main'", 'a b', '', '/x', '${{ x }}'])(
  '%j is no branch and no tag, and nothing is written',
  async (name) => {
    const tree = workspace();
    const before = filesOf(tree);
    for (const [what, options] of [
      ['branch', { branches: [name] }],
      ['tag', { releaseTags: [name] }],
    ] as const)
      expect(await complaint(() => ci(tree, { provider: 'github', ...options }))).toMatch(
        new RegExp(`^INVALID_SETTINGS: .* is no ${what}`),
      );
    expect(filesOf(tree)).toEqual(before);
  },
);
