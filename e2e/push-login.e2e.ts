import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry, type RunningRegistry } from '../tools/registry/start-registry';
import { run } from '../tools/shell';
import { NEWEST } from '../tools/workspace/nx-versions';
import { removeImages } from './harness/docker';
import { registryContent } from './harness/registry-content';
import { startRegistryProxy, type RegistryProxy } from './harness/registry-proxy';
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
async function logIn(host: string): Promise<void> {
  const line = `printf %s "$PASSWORD" | docker --config "$0" login --username robot --password-stdin "$1"`;
  await run('bash', ['-c', line, config, host], { env: { PASSWORD } });
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
