import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { run } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import {
  byGitlabCiLocal,
  byStepsOfGithub,
  OWN_ENGINE,
  prepareGitlabCiLocal,
  type CiMachine,
  type RunJob,
} from './harness/ci-runners';
import { docker, removeImages } from './harness/docker';
import { pythonJob } from './harness/python-job';
import { registryContent, type RegistryContent } from './harness/registry-content';
import { startRegistryProxy, type RegistryProxy } from './harness/registry-proxy';
import { cloneWorkspace, createWorkspace, NOWHERE, type Workspace } from './harness/workspace';

/** Generated jobs with the real Nx, engine and registry: eight services, several clones, one registry. */

const SERVICES = 'abcdefgh'.split('').map((letter) => `e2e-ci-${letter}`);
const [A, B] = SERVICES as [string, string];
const STEPS = 'tools/ci/docker-python.sh';

/** No lock file of this workspace is there to install from: `npm ci` brings what its first checkout has. */
const npm = ({ root }: Workspace): string =>
  `#!/usr/bin/env bash
[ "$*" = ci ] || exit 1
[ "$PWD" = "${root}" ] && exit
rm -rf node_modules && cp -al "${root}/node_modules" .
`;

let folder: string;
let origin: string;
let registry: RunningRegistry;
let content: RegistryContent;
let proxy: RegistryProxy;
let first: Workspace;
const clones: Workspace[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docker-python-ci-'));
  origin = join(folder, 'origin.git');
  registry = await startRegistry();
  content = registryContent(registry.host);
  proxy = await startRegistryProxy(registry.host);
  const options = { defaults: { registry: `${proxy.host}/acme` } };
  first = await createWorkspace(NEWEST, {
    ...(Object.assign({}, ...SERVICES.map((name) => pythonJob(name))) as Record<string, string>),
    'nx.json': JSON.stringify({
      defaultBase: 'main',
      analytics: false,
      plugins: [{ plugin: 'docker-python', options }],
    }),
    '.gitignore': 'node_modules\n.nx\ndist\n.gitlab-ci-local\n',
  });
  clones.push(first);
  await first.nx('sync');
  for (const provider of ['script', 'github', 'gitlab'])
    await first.nx('g', 'docker-python:ci', `--provider=${provider}`);
  first.write('.gitlab-ci.yml', first.read('.gitlab-ci.yml') + OWN_ENGINE);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npm'), npm(first));
  chmodSync(join(folder, 'bin/npm'), 0o755);
  await first.commit('dockerized');
  await run('git', ['clone', '--quiet', '--bare', first.root, origin]);
  await first.run('git', ['remote', 'add', 'origin', `file://${origin}`]);
}, 300_000);

afterAll(async () => {
  for (const { remove } of clones) remove();
  rmSync(folder, { recursive: true, force: true });
  await pruned();
  await proxy.stop();
  await registry.stop();
});

const pruned = (): Promise<void> => removeImages(...SERVICES.map((name) => `${proxy.host}/acme/${name}`));

/** A new clone on another machine: no result of Nx, no image of these services. */
async function freshClone(commit = 'main'): Promise<Workspace> {
  await pruned();
  const workspace = await cloneWorkspace(first, origin);
  clones.push(workspace);
  await workspace.run('git', ['checkout', '--quiet', commit]);
  return workspace;
}

async function steps(workspace: Workspace, ...argv: string[]): Promise<string> {
  const { exitCode, output } = await workspace.run('bash', [STEPS, ...argv], {
    ...NOWHERE,
    NX_DEFAULT_OUTPUT_STYLE: 'static',
  });
  if (exitCode !== 0) throw new Error(output);
  return output;
}

/** A CI system: how it runs a job, and its variables for a push to main and for a change. */
interface System {
  readonly run: RunJob;
  readonly push: Record<string, string>;
  readonly change: Record<string, string>;
}

const GITHUB: System = {
  run: byStepsOfGithub,
  push: { GITHUB_ACTIONS: 'true', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
  change: { GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main', GITHUB_REF: 'refs/pull/7/merge' },
};
const GITLAB: System = {
  run: byGitlabCiLocal,
  push: { CI_PIPELINE_SOURCE: 'push' },
  change: { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
};

/** @returns what it printed */
async function job(
  { run: runJob, ...variables }: System,
  name: 'publish' | 'verify',
  workspace: Workspace,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const start: CiMachine['start'] = async (program, argv, more) => {
    const { exitCode, output } = await workspace.run(program, argv, {
      ...NOWHERE,
      ...env,
      NX_DEFAULT_OUTPUT_STYLE: 'static',
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      ...more,
    });
    return { ok: exitCode === 0, output };
  };
  const when = name === 'publish' ? variables.push : variables.change;
  const { ok, output } = await runJob({ root: workspace.root, start }, name, when);
  if (!ok) throw new Error(output);
  return output;
}

/** Commits a change on a branch and pushes that. */
async function pushed(workspace: Workspace, branch: string, path: string, text: string): Promise<void> {
  await workspace.run('git', ['switch', '--quiet', '--create', branch]);
  workspace.write(path, text);
  await workspace.commit(branch);
  await workspace.run('git', ['push', '--quiet', 'origin', branch]);
  await workspace.run('git', ['switch', '--quiet', 'main']);
}

const tagged = (tag: string): Promise<readonly (string | undefined)[]> =>
  Promise.all(SERVICES.map((name) => content.digestOf(`acme/${name}`, tag)));
const latest = (): Promise<readonly (string | undefined)[]> => tagged('latest');
const built = (output: string): number => output.match(/· built,/g)?.length ?? 0;
/** Images that were started and found to be well, here. */
const tested = (output: string): number => output.match(/main passed its smoke test ·/g)?.length ?? 0;

const variable = (name: string): string => name.replaceAll('-', '_').toUpperCase();

/** The step whose outputs the workflow hands on as `pushed`: the one that publishes. */
function pushedOutput({ read }: Workspace): string | undefined {
  const { jobs } = parse(read('.github/workflows/docker-python.yml')) as {
    jobs: Record<string, { outputs?: { pushed?: string }; steps: readonly { id?: string; run?: string }[] }>;
  };
  const { outputs, steps: all } = jobs['publish']!;
  const { id } = all.find(({ run: command }) => command?.includes(STEPS))!;
  return outputs?.pushed === `\${{ toJSON(steps.${id}.outputs) }}` ? id : undefined;
}

/** The second clone, in which a developer works on. */
let second: Workspace;

/** Seconds that the first one took, whose images are all built. */
let publishing: number;

it('publishes everything the first time, on GitHub, which is told what was pushed', async () => {
  const [summary, outputs] = [join(folder, 'summary.md'), join(folder, 'outputs')];
  const began = performance.now();
  const output = await job(GITHUB, 'publish', first, {
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: outputs,
  });
  publishing = (performance.now() - began) / 1000;
  expect(output.match(/tags set: latest/g)).toHaveLength(SERVICES.length);
  expect(built(output)).toBe(SERVICES.length);
  expect(await latest()).not.toContain(undefined);
  const [digest] = await latest();
  expect(readFileSync(summary, 'utf8')).toContain(
    `- **${A}** \`latest\`: \`${proxy.host}/acme/${A}@${digest}\`\n`,
  );
  const lines = await Promise.all(
    SERVICES.map(async (name) => {
      const of = await content.digestOf(`acme/${name}`, 'latest');
      return [
        `image-${name}=${proxy.host}/acme/${name}@${of}`,
        `digest-${name}=${of}`,
        `tags-${name}=latest`,
      ];
    }),
  );
  expect(readFileSync(outputs, 'utf8').trimEnd().split('\n').sort()).toEqual(lines.flat().sort());
  expect(pushedOutput(first)).toBe('publish');
});

it('builds and sends nothing on a second machine that knows the registry alone, on GitLab', async () => {
  second = await freshClone();
  const before = await latest();
  await prepareGitlabCiLocal();
  proxy.reset();
  const began = performance.now();
  const output = await job(GITLAB, 'publish', second);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`eight unchanged services: ${seconds.toFixed(1)} s\n`);
  // Of the same work, but for the builds: a limit that does not depend on the machine.
  expect(seconds).toBeLessThan(publishing);
  expect(output.match(/unchanged: the registry had the image · no tag had to move/g)).toHaveLength(
    SERVICES.length,
  );
  expect([built(output), proxy.uploaded()]).toEqual([0, 0]);
  expect(await docker('images', '--quiet', `${proxy.host}/acme/*`)).toBe('');
  expect(await latest()).toEqual(before);
  expect(second.read('dist/docker-python/push.env').trimEnd().split('\n').sort()).toEqual(
    SERVICES.map((name, at) => `IMAGE_${variable(name)}=${proxy.host}/acme/${name}@${before[at]}`),
  );
});

it('releases all of it: every image gets the tag, in the registry, and none is built, sent or fetched', async () => {
  await first.run('git', ['tag', 'v1.4.0']);
  await first.run('git', ['push', '--quiet', 'origin', 'v1.4.0']);
  const clone = await freshClone('v1.4.0');
  const before = await latest();
  proxy.reset();
  const output = await steps(clone, 'release');
  expect(output.match(/unchanged: the registry had the image · tags set: v1\.4\.0/g)).toHaveLength(
    SERVICES.length,
  );
  expect([built(output), proxy.uploaded()]).toEqual([0, 0]);
  // Configurations of images; the smallest image has more than 40 MB.
  expect(proxy.downloaded()).toBeLessThan(500_000);
  expect(await docker('images', '--quiet', `${proxy.host}/acme/*`)).toBe('');
  expect(await tagged('v1.4.0')).toEqual(before);
  expect(await latest()).toEqual(before);
});

it('after one edit builds one image, of which the new layers travel', async () => {
  const before = await latest();
  second.write(`jobs/${A}/main.py`, 'print("edited")\n');
  await second.commit('an edit');
  proxy.reset();
  const output = await steps(second, 'publish');
  process.stdout.write(`one edit: ${proxy.uploaded()} bytes sent\n`);
  expect(built(output)).toBe(1);
  expect(output.match(/tags set: latest/g)).toHaveLength(1);
  expect(proxy.uploaded()).toBeGreaterThan(0);
  expect(proxy.uploaded()).toBeLessThan(30_000);
  const after = await latest();
  expect(after[0]).not.toBe(before[0]);
  expect(after.slice(1)).toEqual(before.slice(1));
});

it.each<[string, string, System]>([
  ['GitHub', 'change', GITHUB],
  ['GitLab', 'other-change', GITLAB],
])('%s builds and tests what a change affects, and sends nothing', async (_, branch, system) => {
  await pushed(first, branch, `jobs/${B}/main.py`, `print("${branch}")\n`);
  const clone = await freshClone(branch);
  const before = await content.tagsOf(`acme/${B}`);
  proxy.reset();
  const output = await job(system, 'verify', clone);
  expect(output).toMatch(new RegExp(`nx run ${B}:docker-build[\\s\\S]*nx run ${B}:smoke-test`));
  expect([built(output), tested(output)]).toEqual([1, 1]);
  expect([proxy.uploaded(), await content.tagsOf(`acme/${B}`)]).toEqual([0, before]);
});

it('refuses a change whose managed files are out of sync, and mends it on the branch of a bot', async () => {
  const settings = '{ "version": 1, "command": ["python", "main.py"], "env": { "BUMPED": "1" } }\n';
  await pushed(first, 'renovate/x', `jobs/${B}/docker-python.json`, settings);
  const clone = await freshClone('renovate/x');
  await expect(steps(clone, 'verify')).rejects.toThrow(/Dockerfile is out of date/);
  await steps(clone, 'mend');
  const writes = await freshClone('renovate/x');
  writes.write('mend.patch', clone.read('mend.patch'));
  await steps(writes, 'mend-push');
  const mended = await run('git', ['-C', origin, 'show', `renovate/x:jobs/${B}/Dockerfile`]);
  expect(mended).toContain('BUMPED');
});

it('renews the base images, builds and tests with them, and puts that up for review', async () => {
  const before = await latest();
  const clone = await freshClone();
  const output = await steps(clone, 'renew', 'pull-request');
  expect([built(output), tested(output)]).toEqual([SERVICES.length, SERVICES.length]);
  expect(output).toContain('The renewal is on the branch docker-python/refresh');
  const files = await run('git', ['-C', origin, 'diff', '--name-only', 'main', 'docker-python/refresh']);
  expect(files.trim().split('\n')).toEqual([
    'docker-python.lock.json',
    ...SERVICES.map((name) => `jobs/${name}/Dockerfile`),
  ]);
  expect(await latest()).toEqual(before);
});
