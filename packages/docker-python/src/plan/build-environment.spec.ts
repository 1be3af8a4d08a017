import { planBuildEnvironment } from './build-environment';
import { indexCredentials } from './credentials';
import { mirrored } from './registry-mirror';

describe('the build environment', () => {
  it('tells values, variables of the host and secrets apart, in one order', () => {
    const secret = { secret: { env: 'X' } };
    expect(
      planBuildEnvironment(
        { ssh: true, buildEnv: { C: secret, A: 'a', B: { env: 'HOST_B' }, D: { secret: { file: 'd' } } } },
        [],
      ),
    ).toEqual({
      values: { A: 'a' },
      fromHost: ['B'],
      secrets: [
        { name: 'C', as: 'text' },
        { name: 'D', as: 'text' },
      ],
      keyed: true,
      credentials: [],
      ssh: true,
    });
  });

  it.each([
    ['NETRC', 'path'],
    ['PIP_CONFIG_FILE', 'path'],
    ['PIP_CLIENT_CERT', 'path'],
    ['ACME_TOKEN', 'text'],
  ])('gives %s of a file as its %s', (name, as) => {
    const { secrets } = planBuildEnvironment({ buildEnv: { [name]: { secret: { file: 'f' } } } }, []);
    expect(secrets).toEqual([{ name, as }]);
  });

  it('is not keyed by secrets that rotate', () => {
    const rotating = { secret: { env: 'X' }, rotates: true };
    expect(planBuildEnvironment({ buildEnv: { A: rotating } }, []).keyed).toBe(false);
    expect(planBuildEnvironment({ buildEnv: { A: rotating, B: { secret: { env: 'Y' } } } }, []).keyed).toBe(
      true,
    );
  });
});

describe('credentials of an index', () => {
  const acme = { name: 'acme-py.1', url: 'https://pypi.acme.example:8443/simple/' };

  it.each<[string, string[], object[]]>([
    [
      'of uv',
      ['UV_INDEX_ACME_PY_1_USERNAME', 'UV_INDEX_ACME_PY_1_PASSWORD'],
      [
        {
          name: 'ACME_PY_1',
          url: acme.url,
          host: 'pypi.acme.example',
          username: 'UV_INDEX_ACME_PY_1_USERNAME',
          password: 'UV_INDEX_ACME_PY_1_PASSWORD',
        },
      ],
    ],
    [
      'of Poetry, a token alone',
      ['POETRY_HTTP_BASIC_ACME_PY_1_PASSWORD'],
      [
        {
          name: 'ACME_PY_1',
          url: acme.url,
          host: 'pypi.acme.example',
          password: 'POETRY_HTTP_BASIC_ACME_PY_1_PASSWORD',
        },
      ],
    ],
    ['of another index', ['UV_INDEX_OTHER_PASSWORD'], []],
    ['without a password', ['UV_INDEX_ACME_PY_1_USERNAME'], []],
  ])('%s', (_, names, found) => {
    expect(indexCredentials([acme], names)).toEqual(found);
  });

  it('has none where the address brings its own', () => {
    const index = { name: 'acme', url: 'https://me:${TOKEN}@pypi.acme.example/simple/' };
    expect(indexCredentials([index], ['UV_INDEX_ACME_PASSWORD'])).toEqual([]);
  });
});

describe('an image of Docker Hub', () => {
  it.each([
    ['python:3.13-slim-trixie', 'm.example.com/library/python:3.13-slim-trixie'],
    ['python:3.13@sha256:0', 'm.example.com/library/python:3.13@sha256:0'],
    ['acme/base:7', 'm.example.com/acme/base:7'],
    ['docker.io/library/python:3.13', 'm.example.com/library/python:3.13'],
    ['docker.io/python:3.13', 'm.example.com/library/python:3.13'],
    ['ghcr.io/acme/base:7', 'ghcr.io/acme/base:7'],
    ['localhost/base', 'localhost/base'],
    ['registry:5000/base', 'registry:5000/base'],
  ])('%s is %s by a mirror', (reference, expected) => {
    expect(mirrored(reference, 'm.example.com')).toBe(expected);
    expect(mirrored(reference, undefined)).toBe(reference);
  });
});
