import fc from 'fast-check';
import { contentKey, keyTag, type KeyMaterial } from './content-key';
import { ociLabels } from './labels';

const MATERIAL: KeyMaterial = {
  dockerfile: 'FROM a\n',
  dockerignore: '*\n',
  files: [
    { path: 'a.py', digest: '01', executable: false },
    { path: 'b.py', digest: '02', executable: true },
  ],
  target: 'runtime',
  buildArgs: { A: '1', B: '2' },
  extraBuildArgs: ['--ulimit', 'nofile=1'],
  platforms: ['linux/amd64', 'linux/arm64'],
};

const [first, second] = MATERIAL.files as [KeyMaterial['files'][0], KeyMaterial['files'][0]];

describe('contentKey', () => {
  it.each<[string, Partial<KeyMaterial>]>([
    ['the Dockerfile', { dockerfile: 'FROM b\n' }],
    ['the ignore file', { dockerignore: '**\n' }],
    ['the bytes of a file', { files: [{ ...first, digest: '03' }, second] }],
    ['the executable bit of a file', { files: [{ ...first, executable: true }, second] }],
    ['the name of a file', { files: [{ ...first, path: 'c.py' }, second] }],
    ['a file less', { files: [first] }],
    [
      'contents that change places',
      {
        files: [
          { ...first, digest: '02' },
          { ...second, digest: '01' },
        ],
      },
    ],
    ['the target', { target: 'dev' }],
    ['the value of a build argument', { buildArgs: { A: '1', B: '3' } }],
    ['the name of a build argument', { buildArgs: { A: '1', C: '2' } }],
    ['an extra argument', { extraBuildArgs: ['--ulimit', 'nofile=2'] }],
    ['the order of extra arguments', { extraBuildArgs: ['nofile=1', '--ulimit'] }],
    ['a platform', { platforms: ['linux/amd64'] }],
    ['a label', { labels: { team: 'a' } }],
  ])('depends on %s', (_, change) => {
    expect(contentKey({ ...MATERIAL, ...change })).not.toBe(contentKey(MATERIAL));
  });

  it('depends on the name and the value of a label', () => {
    const keys = [{ team: 'a' }, { team: 'b' }, { tier: 'a' }].map((labels) =>
      contentKey({ ...MATERIAL, labels }),
    );
    expect(new Set(keys).size).toBe(3);
  });

  it('is the same for no label as for none at all', () => {
    expect(contentKey({ ...MATERIAL, labels: {} })).toBe(contentKey(MATERIAL));
  });

  it('depends on no order of files, build arguments, platforms and labels', () => {
    const material = { ...MATERIAL, labels: { a: '1', b: '2' } };
    const turned = {
      ...MATERIAL,
      labels: { b: '2', a: '1' },
      files: [second, first],
      buildArgs: { B: '2', A: '1' },
      platforms: ['linux/arm64', 'linux/amd64'],
    };
    expect(contentKey(turned)).toBe(contentKey(material));
  });

  it('takes no two different lists of files for one, however they are named', () => {
    const file = fc.record({
      path: fc.string(),
      digest: fc.constantFrom('01', '02'),
      executable: fc.boolean(),
    });
    const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 4 });
    const canonical = (list: KeyMaterial['files']): string =>
      list
        .map(({ path, digest, executable }) => JSON.stringify([path, digest, executable]))
        .sort()
        .join();
    fc.assert(
      fc.property(files, files, (a, b) => {
        const same = contentKey({ ...MATERIAL, files: a }) === contentKey({ ...MATERIAL, files: b });
        expect(same).toBe(canonical(a) === canonical(b));
      }),
    );
  });

  it('stays what it is from version to version: a change of it rebuilds every image of every user', () => {
    expect(contentKey(MATERIAL)).toMatchInlineSnapshot(`"a09931e4e468364df62ddc363a0e3eab7a5bf4dd"`);
  });

  it('names a tag', () => {
    expect(keyTag(contentKey(MATERIAL))).toMatch(/^ck-[0-9a-f]{40}$/);
  });
});

describe('ociLabels', () => {
  it('has a label for every fact and none for what is unknown', () => {
    expect(ociLabels({ title: 'api', base: 'python:3.13-slim-trixie' })).toEqual({
      'org.opencontainers.image.title': 'api',
      'org.opencontainers.image.base.name': 'python:3.13-slim-trixie',
    });
    expect(ociLabels({ title: 'a', base: 'b', version: '1', revision: 'r', source: 's' })).toMatchObject({
      'org.opencontainers.image.version': '1',
      'org.opencontainers.image.revision': 'r',
      'org.opencontainers.image.source': 's',
    });
  });
});
