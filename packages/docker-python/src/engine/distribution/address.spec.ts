import { addressOf } from './address';
import { goesThroughProxy } from './proxied';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it.each([
  ['ghcr.io/acme/api:v1', 'https://ghcr.io', 'ghcr.io', 'acme/api', 'v1'],
  [
    'registry.example.com:5000/api',
    'https://registry.example.com:5000',
    'registry.example.com:5000',
    'api',
    'latest',
  ],
  [`localhost:5000/a/b@${DIGEST}`, 'http://localhost:5000', 'localhost:5000', 'a/b', DIGEST],
  ['127.0.0.1:1/a:b', 'http://127.0.0.1:1', '127.0.0.1:1', 'a', 'b'],
  ['[::1]:5000/a:b', 'http://[::1]:5000', '[::1]:5000', 'a', 'b'],
  ['acme/api:v1', 'https://registry-1.docker.io', 'https://index.docker.io/v1/', 'acme/api', 'v1'],
  ['docker.io/acme/api:v1', 'https://registry-1.docker.io', 'https://index.docker.io/v1/', 'acme/api', 'v1'],
  ['python:3.13', 'https://registry-1.docker.io', 'https://index.docker.io/v1/', 'library/python', '3.13'],
])('%s', (reference, origin, registry, repository, selector) => {
  expect(addressOf(reference)).toEqual({ origin, registry, repository, selector });
});

describe('a proxy', () => {
  const at = 'https://registry.example.com:5000';

  it.each([
    [{}, false],
    [{ HTTPS_PROXY: 'http://proxy' }, true],
    [{ https_proxy: 'http://proxy' }, true],
    [{ ALL_PROXY: 'http://proxy' }, true],
    [{ HTTP_PROXY: 'http://proxy' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'a, example.com' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '.example.com' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }, false],
    [{ HTTPS_PROXY: 'http://proxy', no_proxy: 'registry.example.com:5000' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'ample.com,' }, true],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '10.0.0.0/8' }, true],
  ])('%j: %s', (env, expected) => {
    expect(goesThroughProxy(at, env)).toBe(expected);
  });

  it('is none for loopback', () => {
    expect(goesThroughProxy('http://localhost:5000', { HTTP_PROXY: 'http://proxy' })).toBe(false);
  });
});
