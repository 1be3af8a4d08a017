import { execFileSync } from 'node:child_process';
import { failureOf } from '../testing/failures';
import { below, designOf, FLASK } from '../testing/projects';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import type { Settings } from '../settings/schema';
import { environmentArguments, gatherBuildInputs, type GatheredInputs } from './build-inputs';

const SALT = 'a-salt-of-a-test-012345';
const root = tempFolder();
writeFiles(root, {
  'certs/ca.pem': 'ca',
  token: 'in a file',
  'client/config.json': '{ "proxies": { "default": { "httpProxy": "http://of-client" } } }',
  'apps/api/.env.build': 'HOST_TOKEN=of the file\nHOST_A="a of the file"\n',
});

function gather(settings: Settings, env: Record<string, string> = {}, dockerfile?: string): GatheredInputs {
  const text = JSON.stringify({ version: 1, caBundle: false, ...settings });
  const design = designOf(below('apps/api', { ...FLASK, 'docker-python.json': text }));
  return gatherBuildInputs(design, root, { DOCKER_CONFIG: root, ...env }, dockerfile, 'linux');
}

const TOKEN = { secret: { env: 'HOST_TOKEN' } } as const;

it('mounts secrets by the names of variables and the paths of files', () => {
  const buildEnv = { A: TOKEN, B: { secret: { file: 'token' } } };
  const { inputs } = gather({ secretsSalt: SALT, buildEnv }, { HOST_TOKEN: 'hunter2' });
  expect(inputs).toMatchObject({ secretVariables: { A: 'HOST_TOKEN' }, secretFiles: { B: `${root}/token` } });
  expect(JSON.stringify(inputs)).not.toContain('hunter2');
});

it('gives variables of the host as build arguments, and a digest of the secrets', () => {
  const buildEnv = { A: TOKEN, F: { env: 'FLAVOUR' } };
  const of = (token: string): object =>
    gather({ secretsSalt: SALT, buildEnv }, { HOST_TOKEN: token, FLAVOUR: 'x' }).buildArgs;
  expect(of('one')).toEqual({ F: 'x', BUILD_ENV_DIGEST: expect.stringMatching(/^[0-9a-f]{40}$/) });
  expect(of('one')).toEqual(of('one'));
  expect(of('one')).not.toEqual(of('two'));
});

it('does not notice what rotates, and needs no salt for it', () => {
  const buildEnv = { A: { ...TOKEN, rotates: true } };
  expect(gather({ buildEnv }, { HOST_TOKEN: 'one' }).buildArgs).toEqual({});
});

it('takes from the file what the environment does not have', () => {
  const settings = {
    secretsSalt: SALT,
    buildEnvFile: '.env.build',
    buildEnv: { A: { env: 'HOST_A' }, T: TOKEN },
  };
  const gathered = gather(settings);
  expect(gathered.buildArgs['A']).toBe('a of the file');
  expect(gathered.inputs.env).toEqual({ HOST_TOKEN: 'of the file' });
  expect(gather(settings, { HOST_TOKEN: 'x', HOST_A: 'a' })).toMatchObject({
    buildArgs: { A: 'a' },
    inputs: { env: {} },
  });
});

const PROXIES = { HTTPS_PROXY: "http://me:hunter'2@proxy", no_proxy: 'localhost' };

it('passes proxies on as a secret, so that no record of a build has them', () => {
  const { inputs, buildArgs } = gather({}, PROXIES);
  expect(inputs).toMatchObject({
    secretVariables: { proxy: 'DOCKER_PYTHON_PROXIES' },
    argumentVariables: [],
    emptyArguments: [],
  });
  const set = [inputs.env['DOCKER_PYTHON_PROXIES'], 'echo "$HTTPS_PROXY $https_proxy $NO_PROXY $no_proxy"'];
  expect(execFileSync('sh', ['-c', set.join('\n')]).toString()).toBe(
    `${PROXIES.HTTPS_PROXY} ${PROXIES.HTTPS_PROXY} localhost localhost\n`,
  );
  expect(buildArgs).toEqual({});
});

it('keeps the client from giving those that it is configured with as arguments', () => {
  const { inputs } = gather({}, { DOCKER_CONFIG: `${root}/client` });
  expect(inputs.emptyArguments).toEqual(['HTTP_PROXY', 'http_proxy']);
  expect(inputs.env['DOCKER_PYTHON_PROXIES']).toContain('http://of-client');
});

it('passes proxies to a Dockerfile of somebody else by name, unless a record would have a password', () => {
  const foreign = 'FROM python\nRUN pip install six\n';
  const { inputs } = gather({}, PROXIES, foreign);
  expect(inputs).toMatchObject({
    argumentVariables: ['HTTPS_PROXY', 'no_proxy'],
    secretVariables: {},
    emptyArguments: [],
  });
  const max = { attest: { provenance: 'max' } } as const;
  expect(gather(max, { HTTPS_PROXY: 'http://proxy' }, foreign).inputs.argumentVariables).toEqual([
    'HTTPS_PROXY',
  ]);
  const error = failureOf(() => gather(max, PROXIES, foreign));
  expect(error).toMatchObject({ code: 'ATTEST_UNSUPPORTED' });
  expect(`${error.message} ${error.hint}`).not.toContain('hunter');
});

it.each<[string, Settings, Record<string, string>, string]>([
  ['a secret that is not set', { secretsSalt: SALT, buildEnv: { A: TOKEN } }, {}, 'HOST_TOKEN is not there'],
  ['an empty one', { secretsSalt: SALT, buildEnv: { A: TOKEN } }, { HOST_TOKEN: ' ' }, 'HOST_TOKEN is empty'],
  [
    'a file that is gone',
    { secretsSalt: SALT, buildEnv: { A: { secret: { file: 'gone' } } } },
    {},
    'file gone',
  ],
  ['one that rotates', { buildEnv: { A: { ...TOKEN, rotates: true } } }, {}, 'HOST_TOKEN is not there'],
  ['a variable', { buildEnv: { A: { env: 'HOST_A' } } }, {}, 'HOST_A of the host'],
  ['the file of variables', { buildEnvFile: '.env.gone' }, {}, 'apps/api/.env.gone'],
])('is an error before the build: %s', (_, settings, env, words) => {
  const error = failureOf(() => gather(settings, env));
  expect(error.code).toBe('BUILD_VARIABLE_MISSING');
  expect(error.message).toContain(words);
});

it('refuses a secret without a salt, and a password in a variable that is none', () => {
  expect(failureOf(() => gather({ buildEnv: { A: TOKEN } }, { HOST_TOKEN: 'x' }))).toMatchObject({
    code: 'INVALID_SETTINGS',
    hint: expect.stringContaining('nx g docker-python:setup'),
  });
  const error = failureOf(() => gather({ buildEnv: { A: { env: 'A' } } }, { A: 'https://me:hunter2@host' }));
  expect(error.code).toBe('INVALID_SETTINGS');
  expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
});

it.each([[{}], [{ SSH_AUTH_SOCK: '' }], [{ SSH_AUTH_SOCK: '/nowhere/agent' }]])(
  'without an agent says how to start one: %j',
  (env) => {
    const error = failureOf(() => gather({ ssh: true }, env));
    expect(error.code).toBe('SSH_AGENT_MISSING');
    expect(error.hint).toContain('eval "$(ssh-agent -s)"\n  ssh-add');
  },
);

it('gives the agent to those who ask for it, and to nobody else', () => {
  const env = { SSH_AUTH_SOCK: `${root}/token` };
  expect(gather({ ssh: true }, env).inputs.ssh).toBe(true);
  expect(gather({}, env).inputs.ssh).toBe(false);
});

it('has the same arguments for the key as for the build', () => {
  const text = JSON.stringify({ version: 1, secretsSalt: SALT, buildEnv: { A: TOKEN } });
  const design = designOf(below('apps/api', { ...FLASK, 'docker-python.json': text }));
  const env = { HOST_TOKEN: 'x' };
  expect(environmentArguments(design, root, env)).toEqual(gatherBuildInputs(design, root, env).buildArgs);
});
