import type { ImageRecord } from '../../record/image-record';
import { writeRecord } from '../../record/image-record';
import { tag } from '../../reference/image-name';
import { closingLine, type ClosingFacts } from './closing-line';

const RECORD: ImageRecord = {
  version: 1,
  contentKey: '0'.repeat(40),
  image: 'shop/api',
  imageId: `sha256:${'1'.repeat(64)}`,
  platforms: ['linux/amd64'],
  base: 'b',
  layers: ['sha256:a', 'sha256:b', 'sha256:c'],
  size: 123_456_789,
};

const line = (changes: Partial<ClosingFacts> & { origin?: 'built' | 'engine' | 'registry' } = {}): string =>
  closingLine({
    project: 'api',
    tags: [tag('latest')],
    before: undefined,
    seconds: 1.26,
    outcome: { record: RECORD, origin: changes.origin ?? 'built' },
    ...changes,
  });
const before = (layers: string[]): string => writeRecord({ ...RECORD, layers });

describe('the closing line', () => {
  it('says name, digest, size and time', () => {
    expect(line()).toBe(
      'api: shop/api:latest · sha256:111111111111 · 123.5 MB unpacked · 1.3 s · built, first image of this checkout',
    );
  });

  it.each<[string, string | undefined, string]>([
    ['one new layer', before(['sha256:a', 'sha256:b', 'sha256:x']), 'built, 1 of 3 layers is new'],
    ['several new layers', before(['sha256:a']), 'built, 2 of 3 layers are new'],
    ['no new layer', before(RECORD.layers), 'built, no layer is new'],
    ['a record that cannot be read', '{', 'built, first image of this checkout'],
  ])('after %s', (_, text, end) => {
    expect(line({ before: text })).toMatch(new RegExp(`${end}$`));
  });

  it('says that nothing was built', () => {
    expect(line({ origin: 'engine' })).toMatch(
      /unchanged: the engine has the image of exactly these sources$/,
    );
    expect(line({ origin: 'registry' })).toMatch(/unchanged: the registry has the image/);
  });

  it('prefers the manifest digest, and names the key where there is no tag', () => {
    const record = { ...RECORD, manifestDigest: `sha256:${'9'.repeat(64)}` };
    expect(line({ tags: [], outcome: { record, origin: 'built' } })).toContain(
      `shop/api:ck-${'0'.repeat(40)} · sha256:999999999999 ·`,
    );
  });

  it("calls the size of containerd's store and of a registry compressed", () => {
    const record = { ...RECORD, manifestDigest: RECORD.imageId };
    expect(line({ outcome: { record, origin: 'registry' } })).toContain(' · 123.5 MB compressed · ');
  });

  it('calls that of another store unpacked, also where the image was pushed or pulled', () => {
    const record = { ...RECORD, manifestDigest: `sha256:${'9'.repeat(64)}` };
    expect(line({ outcome: { record, origin: 'engine' } })).toContain(' · 123.5 MB unpacked · ');
  });
});
