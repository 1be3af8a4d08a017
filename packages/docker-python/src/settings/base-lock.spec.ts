import fc from 'fast-check';
import { failureOf } from '../testing/failures';
import { readBaseLock, writeBaseLock, type BasePin } from './base-lock';
import { baseKey } from './file-name';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it('is one entry for each image, in order, under a key without dots', () => {
  const text = writeBaseLock([
    { image: 'python:3.13-slim-trixie', digest: DIGEST, packages: '2026-11-25' },
    { image: 'acme/base:7', packages: '2026-11-25' },
  ]);
  expect(JSON.parse(text)).toEqual({
    version: 1,
    bases: {
      'acme/base:7': { image: 'acme/base:7', packages: '2026-11-25' },
      'python:3,13-slim-trixie': { image: 'python:3.13-slim-trixie', digest: DIGEST, packages: '2026-11-25' },
    },
  });
  expect(text.indexOf('acme')).toBeLessThan(text.indexOf('python:'));
});

const reference = fc.stringMatching(/^[a-z0-9][a-z0-9.:/@-]{0,30}$/);
const pins = fc.uniqueArray(
  fc.record(
    { image: reference, digest: fc.constant(DIGEST), packages: fc.constant('2026-11-25') },
    { requiredKeys: ['image', 'packages'] },
  ),
  { selector: ({ image }) => image },
);

it('comes back as it was written, and no two images share a key', () => {
  fc.assert(
    fc.property(pins, (some) => {
      const byImage = (a: BasePin, b: BasePin): number => (a.image < b.image ? -1 : 1);
      expect([...readBaseLock(writeBaseLock(some))].sort(byImage)).toEqual([...some].sort(byImage));
      expect(new Set(some.map(({ image }) => baseKey(image))).size).toBe(some.length);
    }),
  );
});

it('need not be there', () => {
  expect(readBaseLock(undefined)).toEqual([]);
});

it.each([
  ['', 'INVALID_SETTINGS'],
  ['<<<<<<< HEAD', 'INVALID_SETTINGS'],
  ['{ "version": 2, "bases": {} }', 'INVALID_SETTINGS'],
  ['{ "version": 1, "bases": { "a": { "image": "a", "packages": "today" } } }', 'INVALID_SETTINGS'],
  [
    '{ "version": 1, "bases": { "a": { "image": "a", "packages": "2026-11-25", "digest": "sha256:1" } } }',
    'INVALID_SETTINGS',
  ],
  ['{ "version": 1, "bases": {}, "base": {} }', 'UNKNOWN_SETTING'],
])('refuses %j', (text, code) => {
  expect(failureOf(() => readBaseLock(text))).toMatchObject({
    code,
    message: expect.stringContaining('docker-python.lock.json'),
  });
});
