import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { run } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages } from './harness/docker';
import { registryContent, type RegistryContent } from './harness/registry-content';
import { startRegistryProxy, type FaultRule, type RegistryProxy } from './harness/registry-proxy';
import { tokenGuard } from './harness/token-guard';
import { createWorkspace, NOWHERE, type CommandResult, type Workspace } from './harness/workspace';

/** Registries that want a login: by password, and by tokens that do not last. */

const NAME = 'e2e-login';
const REPOSITORY = `acme/${NAME}`;
const PASSWORD = 'canary-login';
const LOGIN = `robot:${PASSWORD}`;
/** Of that password, as htpasswd(1) makes it. */
const HTPASSWD = 'robot:$2b$05$9nLyzdv41S1zwnevkC3dBOSgjkCQQEZsaHxR3opT9PAYQy8lyEDwy';

let config: string;
let locked: RunningRegistry;
let open: RunningRegistry;
let proxy: RegistryProxy;
let workspace: Workspace;
const tokens = tokenGuard(LOGIN);

beforeAll(async () => {
  config = mkdtempSync(join(tmpdir(), 'docker-python-login-'));
  // Plugins of the client are looked for beside its configuration.
  const plugins = join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'cli-plugins');
  writeFileSync(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
  locked = await startRegistry({ htpasswd: HTPASSWD });
  open = await startRegistry();
  proxy = await startRegistryProxy(open.host, tokens.guard);
  workspace = await createWorkspace(NEWEST, {
    'jobs/one/project.json': JSON.stringify({ name: NAME }),
    'jobs/one/requirements.txt': '',
    'jobs/one/.python-version': '3.13\n',
    'jobs/one/main.py': 'print("one")\n',
    'jobs/one/docker-python.json': '{ "version": 1, "command": ["python", "main.py"] }\n',
  });
  await workspace.nx('sync');
  await workspace.commit('dockerized');
}, 300_000);

afterAll(async () => {
  workspace.remove();
  rmSync(config, { recursive: true, force: true });
  await removeImages(...[locked.host, proxy.host].map((host) => `${host}/${REPOSITORY}`));
  await proxy.stop();
  await open.stop();
  await locked.stop();
});

/** As a CI job does: the password goes in by stdin, and the client keeps it. */
async function logIn(host: string, user = 'robot'): Promise<void> {
  const line = `printf %s "$PASSWORD" | docker --config "$0" login --username "$2" --password-stdin "$1"`;
  await run('bash', ['-c', line, config, host, user], { env: { PASSWORD } });
}

/** Exit code of timeout(1). */
const HUNG = 124;

const push = (host: string, env: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
  // Docker 28 hangs now and then where a token of its own push expires. A first push builds and tests as well.
  workspace.run(
    'timeout',
    [
      host === proxy.host ? '90' : '400',
      process.execPath,
      'node_modules/nx/dist/bin/nx.js',
      'push',
      NAME,
      '--output-style=static',
    ],
    {
      ...NOWHERE,
      DOCKER_CONFIG: config,
      DOCKER_PYTHON_REGISTRY: `${host}/acme`,
      ...env,
    },
  );
const edit = (text: string): void => workspace.write('jobs/one/main.py', `print("${text}")\n`);
const record = (): { digest: string } =>
  JSON.parse(workspace.read('dist/docker-python/jobs/one/push.json')) as { digest: string };

it('without a login says which command logs in; with one it pushes, and shows the password nowhere', async () => {
  const refused = await push(locked.host);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toContain('REGISTRY_UNAUTHORIZED');
  expect(refused.output).toContain(`docker login ${locked.host}`);
  await logIn(locked.host);
  const { exitCode, output } = await push(locked.host);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  expect(output).toContain('tags set: latest');
  expect(await registryContent(locked.host, LOGIN).digestOf(REPOSITORY, 'latest')).toBe(record().digest);
  const written = readFileSync(join(workspace.root, 'dist/docker-python/jobs/one/push.json'), 'utf8');
  for (const text of [refused.output, output, written]) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(btoa(LOGIN));
  }
});

it('asks the registry itself, logged in by a credential helper, where nothing has changed', async () => {
  const programs = join(config, 'programs');
  const calls = join(config, 'calls');
  const client = (await run('sh', ['-c', 'command -v docker'])).trim();
  const program = (name: string, text: string): void =>
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  mkdirSync(programs, { recursive: true });
  writeFileSync(calls, '');
  program('docker', `echo "$*" >> ${calls}\nexec ${client} "$@"`);
  const known = JSON.stringify({ ServerURL: locked.host, Username: 'robot', Secret: PASSWORD });
  program('docker-credential-e2e', `echo "helper $1 $(cat)" >> ${calls}\necho '${known}'`);
  const before = readFileSync(join(config, 'config.json'), 'utf8');
  const { auths: _auths, ...others } = JSON.parse(before) as Record<string, unknown>;
  writeFileSync(
    join(config, 'config.json'),
    JSON.stringify({ ...others, credHelpers: { [locked.host]: 'e2e' } }),
  );
  try {
    const { exitCode, output } = await push(locked.host, { PATH: `${programs}:${process.env['PATH']}` });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain('unchanged: the registry had the image');
    const asked = readFileSync(calls, 'utf8');
    expect(asked).toContain(`helper get ${locked.host}`);
    // What buildx is asked for where the registry does not answer plainly.
    expect(asked).not.toMatch(/imagetools|ClientInfo/);
    expect(output).not.toContain(PASSWORD);
  } finally {
    writeFileSync(join(config, 'config.json'), before);
  }
});

it('gets a new token where one expires in the middle of a push', async () => {
  await logIn(proxy.host);
  tokens.last(5);
  const before = tokens.issued();
  let pushed = await push(proxy.host);
  // The client gives up where two of its uploads meet an expired token at once. Then it is said, and another run ends it.
  for (let again = 0; again < 2 && pushed.exitCode !== 0; again++) {
    if (pushed.exitCode !== HUNG) expect(pushed.output).toContain('REGISTRY_UNAUTHORIZED');
    expect(await registryContent(open.host).digestOf(REPOSITORY, 'latest')).toBeUndefined();
    pushed = await push(proxy.host);
  }
  expect(pushed).toMatchObject({ exitCode: 0 });
  expect(
    proxy.seen.some(
      ({ method, path, status }) => method !== 'GET' && !path.startsWith('/token') && status === 401,
    ),
  ).toBe(true);
  expect(tokens.issued()).toBeGreaterThan(before + 2);
  expect(await registryContent(open.host).digestOf(REPOSITORY, 'latest')).toBe(record().digest);
});

it('says so where no new token is to be had, and moves no tag; the next run does all of it', async () => {
  const latest = await registryContent(open.host).digestOf(REPOSITORY, 'latest');
  expect(latest).toBeDefined();
  edit('two');
  const built = await workspace.run(
    process.execPath,
    ['node_modules/nx/dist/bin/nx.js', 'smoke-test', NAME],
    { ...NOWHERE, DOCKER_CONFIG: config, DOCKER_PYTHON_REGISTRY: `${proxy.host}/acme` },
  );
  expect(built.exitCode).toBe(0);
  tokens.last(3);
  tokens.give(6);
  const { exitCode, output } = await push(proxy.host);
  expect(exitCode).not.toBe(0);
  if (exitCode !== HUNG) expect(output).toContain('REGISTRY_UNAUTHORIZED');
  expect(output).not.toContain(PASSWORD);
  expect(await registryContent(open.host).digestOf(REPOSITORY, 'latest')).toBe(latest);
  tokens.last(Infinity);
  tokens.give(Infinity);
  const again = await push(proxy.host);
  expect({ exitCode: again.exitCode, output: again.output }).toMatchObject({ exitCode: 0 });
  expect(await registryContent(open.host).digestOf(REPOSITORY, 'latest')).toBe(record().digest);
});

describe('two registries, each with a login of its own', () => {
  let elsewhere: RunningRegistry;
  let front: readonly [RegistryProxy, RegistryProxy];
  let contents: readonly [RegistryContent, RegistryContent];
  /** As settings name them. */
  const both = (): string => front.map(({ host }) => `${host}/acme`).join();
  const pushToBoth = (): Promise<CommandResult> => push(locked.host, { DOCKER_PYTHON_REGISTRY: both() });
  const digests = (tag: string): Promise<readonly (string | undefined)[]> =>
    Promise.all(contents.map((content) => content.digestOf(REPOSITORY, tag)));
  const withoutFaults = (): void => front.forEach(({ reset }) => reset());

  beforeAll(async () => {
    elsewhere = await startRegistry({ htpasswd: HTPASSWD.replace(/^robot/, 'deployer') });
    front = [await startRegistryProxy(locked.host), await startRegistryProxy(elsewhere.host)];
    contents = [registryContent(locked.host, LOGIN), registryContent(elsewhere.host, `deployer:${PASSWORD}`)];
    await logIn(front[0].host);
    await logIn(front[1].host, 'deployer');
    // One has all layers but that of the code from now on.
    await logIn(locked.host);
    expect(await push(locked.host)).toMatchObject({ exitCode: 0 });
  });

  afterAll(async () => {
    await removeImages(`${front[0].host}/${REPOSITORY}`, `${front[1].host}/${REPOSITORY}`);
    for (const { stop } of front) await stop();
    await elsewhere.stop();
  });

  it('get one image, of which each is sent what it lacks', async () => {
    const [one, other] = front;
    edit('in both');
    const { exitCode, output } = await pushToBoth();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain('pushed to 2 of 2 registries');
    expect(await digests('latest')).toEqual([record().digest, record().digest]);
    expect([one.uploaded() < 30_000, other.uploaded() > 10_000_000]).toEqual([true, true]);
  });

  it('share an image that one of them has, and no engine', async () => {
    const [one, other] = front;
    edit('in one of two');
    expect(await push(one.host)).toMatchObject({ exitCode: 0 });
    await removeImages(`${one.host}/${REPOSITORY}`);
    withoutFaults();
    const { exitCode, output } = await pushToBoth();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain(`pushed to 1 of 2 registries · tags set: ${other.host}/${REPOSITORY}:latest`);
    expect(await digests('latest')).toEqual([record().digest, record().digest]);
    expect(one.uploaded()).toBe(0);
    expect(await docker('images', '--quiet', `${one.host}/${REPOSITORY}`)).toBe('');
  });

  it.each<[string, Omit<FaultRule, 'fault' | 'times'>, string, string]>([
    [
      'the image',
      { method: 'POST', path: /\/blobs\/uploads\// },
      'has the image; no tag has moved',
      'has not got the image',
    ],
    [
      'the tags',
      { method: 'PUT', path: /\/manifests\/latest/ },
      'has the image; tags set: latest',
      'has the image; its tags are not confirmed',
    ],
  ])('where the second refuses %s, both are named with what they have', async (what, rule, one, other) => {
    const before = await digests('latest');
    edit(`refused ${what}`);
    withoutFaults();
    front[1].reset({ ...rule, fault: { status: 403 }, times: 1000 });
    const { exitCode, output } = await pushToBoth();
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`REGISTRY_DENIED: ${front[1].host} does not let`);
    expect(output).toContain(`${front[0].host}/${REPOSITORY} ${one}`);
    expect(output).toContain(`${front[1].host}/${REPOSITORY} ${other}`);
    const [first, second] = await digests('latest');
    expect([first === before[0], second]).toEqual([what === 'the image', before[1]]);
    withoutFaults();
    const again = await pushToBoth();
    expect({ exitCode: again.exitCode, output: again.output }).toMatchObject({ exitCode: 0 });
    expect(await digests('latest')).toEqual([record().digest, record().digest]);
  });
});
