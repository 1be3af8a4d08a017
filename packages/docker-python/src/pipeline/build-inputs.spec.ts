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
  'apps/api/.env.build': 'HOST_TOKEN=of the file\nHOST_A="a of the file"\n',
});

function gather(settings: Settings, env: Record<string, string> = {}): GatheredInputs {
  const text = JSON.stringify({ version: 1, caBundle: false, ...settings });
  const design = designOf(below('apps/api', { ...FLASK, 'docker-python.json': text }));
  return gatherBuildInputs(design, root, env, 'linux');
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

it('passes proxies on by name, so that no password of one is an argument', () => {
  const { inputs, buildArgs } = gather({}, { HTTPS_PROXY: 'http://me:hunter2@proxy', no_proxy: 'localhost' });
  expect(inputs.argumentVariables).toEqual(['HTTPS_PROXY', 'no_proxy']);
  expect(buildArgs).toEqual({});
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
