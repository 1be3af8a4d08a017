import fc from 'fast-check';
import { failureOf } from '../testing/failures';
import { readRecord, recordPath, writeRecord, type ImageRecord } from './image-record';

const RECORD: ImageRecord = {
  version: 1,
  contentKey: 'ab'.repeat(20),
  image: 'registry.example.com/api',
  imageId: `sha256:${'1'.repeat(64)}`,
  platforms: ['linux/amd64'],
  base: 'python:3.13-slim-trixie',
  layers: [`sha256:${'2'.repeat(64)}`],
  size: 123,
};

describe('the image record', () => {
  it('is read back as it was written', () => {
    const record: fc.Arbitrary<ImageRecord> = fc.record(
      {
        version: fc.constant(1 as const),
        contentKey: fc.stringMatching(/^[0-9a-f]{40}$/),
        image: fc.string(),
        imageId: fc.string(),
        manifestDigest: fc.string(),
        platforms: fc.array(fc.string()),
        base: fc.string(),
        layers: fc.array(fc.string()),
        size: fc.nat(),
      },
      { requiredKeys: ['version', 'contentKey', 'image', 'imageId', 'platforms', 'base', 'layers', 'size'] },
    );
    fc.assert(fc.property(record, (value) => expect(readRecord(writeRecord(value), 'x')).toEqual(value)));
  });

  it('is one text for one image, whatever order its facts came in', () => {
    const turned = Object.fromEntries(Object.entries(RECORD).reverse()) as ImageRecord;
    expect(writeRecord(turned)).toBe(writeRecord(RECORD));
    expect(writeRecord(RECORD).endsWith('}\n')).toBe(true);
  });

  it('has room for nothing that differs from machine to machine', () => {
    for (const key of ['builtAt', 'workspaceRoot', 'host', 'secret']) {
      expect(() => writeRecord({ ...RECORD, [key]: 'x' })).toThrow();
    }
  });

  it.each([
    '',
    'x',
    '{}',
    'null',
    '[]',
    JSON.stringify({ ...RECORD, version: 2 }),
    JSON.stringify({ ...RECORD, contentKey: 'short' }),
    JSON.stringify({ ...RECORD, contentKey: `${RECORD.contentKey}0` }),
    JSON.stringify({ ...RECORD, size: '1' }),
    JSON.stringify({ ...RECORD, layers: undefined }),
    JSON.stringify({ ...RECORD, more: 1 }),
  ])('is not %s', (text) => {
    const error = failureOf(() => readRecord(text, 'dist/x.json'));
    expect(error.code).toBe('INVALID_RECORD');
    expect(error.message).toContain('dist/x.json');
  });
});

describe('recordPath', () => {
  it('gives every project a place of its own', () => {
    const paths = ['.', 'api', 'apps/api', 'apps/api2'].map((root) => recordPath(root, 'runtime'));
    expect(paths[0]).toBe('dist/docker-python/image.runtime.json');
    expect(paths[2]).toBe('dist/docker-python/apps/api/image.runtime.json');
    expect(new Set(paths).size).toBe(paths.length);
  });
});
