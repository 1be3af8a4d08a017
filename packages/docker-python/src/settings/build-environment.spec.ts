import fc from 'fast-check';
import { failureOf, onlyOurErrors } from '../testing/failures';
import { readSettingsFile } from './resolve';

const read = (settings: object): unknown =>
  readSettingsFile(JSON.stringify({ version: 1, ...settings }), 'docker-python.json').settings;

describe('buildEnv', () => {
  it.each<[string, object]>([
    ['a value', { PIP_DEFAULT_TIMEOUT: '60' }],
    ['a variable of the host', { FLAVOUR: { env: 'HOST_FLAVOUR' } }],
    ['a secret of the environment', { UV_INDEX_ACME_PASSWORD: { secret: { env: 'ACME_TOKEN' } } }],
    ['a secret in a file that rotates', { NETRC: { secret: { file: '~/.netrc' }, rotates: true } }],
    ['a file as text', { ACME_TOKEN: { secret: { file: 'token', as: 'text' } } }],
    ['an address with variables', { PIP_INDEX_URL: 'https://me:${ACME_TOKEN}@pypi.acme.example/simple' }],
    ['an address with a user', { PIP_INDEX_URL: 'https://me@pypi.acme.example/simple' }],
  ])('takes %s', (_, buildEnv) => {
    expect(read({ buildEnv })).toEqual({ buildEnv });
  });

  it.each(
    `PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONINSPECT LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT PATH HOME IFS ENV BASH_ENV
     GCONV_PATH PYTHONHASHSEED VIRTUAL_ENV UV_PYTHON PIP_TARGET SOURCE_DATE_EPOCH GIT_SSH_COMMAND DOCKER_HOST ca`.split(
      /\s+/,
    ),
  )('refuses %s, also as a secret', (name) => {
    for (const value of ['x', { env: 'X' }, { secret: { env: 'X' } }]) {
      expect(failureOf(() => read({ buildEnv: { [name]: value } }))).toMatchObject({
        code: 'INVALID_SETTINGS',
        message: expect.stringContaining(`"buildEnv.${name}" is wrong`),
      });
    }
  });

  it.each<[string, object]>([
    ['a password in an address', { PIP_INDEX_URL: 'https://me:hunter2@pypi.acme.example/simple' }],
    ['a token by its name', { ACME_TOKEN: 'hunter2' }],
    ['a token of the host that is no secret', { ACME_TOKEN: { env: 'ACME_TOKEN' } }],
    ['a name with a dash', { 'A-B': 'x' }],
    ['several lines', { A: 'x\nRUN evil' }],
    ['a secret from nowhere', { A: { secret: {} } }],
    ['a secret from two places', { A: { secret: { env: 'X', file: 'y' } } }],
  ])('refuses %s', (_, buildEnv) => {
    expect(failureOf(() => read({ buildEnv })).code).toBe('INVALID_SETTINGS');
  });

  it('never shows a value that it refuses', () => {
    const { message, hint } = failureOf(() => read({ buildEnv: { ACME_TOKEN: 'hunter2' } }));
    expect(`${message} ${hint}`).not.toContain('hunter2');
  });

  it('is settings or an error of ours, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (buildEnv) => {
        onlyOurErrors(() => read({ buildEnv }));
      }),
    );
  });
});

it.each([
  ['registryMirror', 'mirror.example.com'],
  ['registryMirror', 'localhost:5000/dockerhub'],
  ['secretsSalt', 'abcdefghijklmnop'],
  ['buildEnvFile', '.env.build'],
  ['ssh', true],
  ['installer', { name: 'uv', source: 'https://${ACME_USER}:${ACME_TOKEN}@pypi.acme.example/simple' }],
])('%s takes %j', (key, value) => {
  expect(read({ [key]: value })).toEqual({ [key]: value });
});

it.each([
  ['registryMirror', 'https://mirror.example.com'],
  ['registryMirror', 'mirror.example.com/a b'],
  ['secretsSalt', 'short'],
  ['ssh', 'yes'],
  ['installer', { name: 'uv', source: 'https://me:hunter2@pypi.acme.example/simple' }],
  ['installer', { name: 'uv', source: "https://pypi.acme.example/'; evil" }],
])('%s does not take %j', (key, value) => {
  expect(failureOf(() => read({ [key]: value })).code).toBe('INVALID_SETTINGS');
});
