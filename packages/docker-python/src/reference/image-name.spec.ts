import fc from 'fast-check';
import { failureOf, onlyOurErrors } from '../testing/failures';
import { imageNameOf, repository, tag } from './image-name';

const A127 = 'a'.repeat(127);

describe('repository', () => {
  it.each([
    ['api', undefined, 'api'],
    ['payments/api', undefined, 'payments/api'],
    ['a', undefined, 'a'],
    ['a__b.c-d--e/f_g', undefined, 'a__b.c-d--e/f_g'],
    ['api', 'registry.example.com', 'registry.example.com/api'],
    ['api', 'registry.example.com:5000/acme/team', 'registry.example.com:5000/acme/team/api'],
    ['api', 'localhost:5000', 'localhost:5000/api'],
    ['api', 'Registry.Example.com', 'Registry.Example.com/api'],
    ['api', '127.0.0.1:5000', '127.0.0.1:5000/api'],
    ['api', '[::1]:5000/acme', '[::1]:5000/acme/api'],
    ['api', 'acme', 'acme/api'],
  ])('%j in %j -> %s', (image, registry, expected) => {
    expect(repository(image, registry)).toBe(expected);
  });

  it.each([
    '',
    'Api',
    'api:latest',
    'api@sha256:00',
    '/api',
    'api/',
    'a//b',
    '-api',
    'api-',
    '.api',
    'a..b',
    'a___b',
    'a._b',
    'a b',
    'api\n',
    'ä',
    '--privileged',
    '$(id)',
  ])('%j is no image', (image) => {
    expect(failureOf(() => repository(image, undefined))).toMatchObject({
      code: 'INVALID_IMAGE_NAME',
      message: `${JSON.stringify(image)} is not a valid image.`,
    });
  });

  it.each([
    '',
    '/',
    'https://registry.example.com',
    'registry.example.com/',
    'registry.example.com:port',
    'registry.example.com:',
    'user:secret@registry.example.com',
    '-registry.example.com',
    'registry-.example.com',
    'registry..example.com',
    'registry.example.com/Acme',
    'registry.example.com/a b',
    'registry_a.example.com',
    '[::1',
    'a\nb',
  ])('%j is no registry', (registry) => {
    expect(failureOf(() => repository('api', registry))).toMatchObject({
      code: 'INVALID_IMAGE_NAME',
      message: `${JSON.stringify(registry)} is not a valid registry.`,
    });
  });
});

describe('tag', () => {
  it.each(['latest', 'v1.2.3', '1', '_', 'a-B_c.D', `a${A127}`])('%j', (value) => {
    expect(tag(value)).toBe(value);
  });

  it.each(['', '.a', '-a', 'a b', 'a/b', 'a:b', 'a+b', 'ä', 'a\n', `ab${A127}`])('%j is none', (value) => {
    expect(failureOf(() => tag(value)).code).toBe('INVALID_IMAGE_NAME');
  });
});

describe('imageNameOf', () => {
  it.each([
    ['api', 'api'],
    ['API', 'api'],
    ['@acme/api', 'acme/api'],
    ['apps/api', 'apps/api'],
    ['apps:api', 'apps-api'],
    ['my_api.v2', 'my-api-v2'],
    ['my--api', 'my-api'],
    ['api-', 'api'],
    ['a-/b', 'a/b'],
    ['ServiceA', 'servicea'],
  ])('%j -> %s', (project, expected) => {
    expect(imageNameOf(project)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'my api',
    'café',
    'api;rm',
    '$(id)',
    'a&b',
    '`a`',
    '../api',
    '-api',
    'a//b',
    '@',
    '日本',
    'a\nb',
  ])('%j gives no name', (project) => {
    const error = failureOf(() => imageNameOf(project));
    expect(error.code).toBe('INVALID_IMAGE_NAME');
    expect(error.hint).toContain('"image"');
  });

  it('gives a name that a registry takes, whatever the project is called, or an error of ours', () => {
    const parts = fc.constantFrom('a', 'B', '1', '-', '_', '.', '/', '@', ':', ' ', 'é');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: parts })), (project) => {
        const name = onlyOurErrors(() => imageNameOf(project));
        if (name !== undefined) expect(repository(name, 'registry.example.com')).toContain(name);
      }),
      { numRuns: 500 },
    );
  });
});
