import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPECTED, fixtures } from '../fixtures/corpus';
import { describeFixture } from '../fixtures/describe';

describe.each(fixtures().map((fixture) => [fixture.name, fixture] as const))(
  'the fixture %s',
  (_, fixture) => {
    const expected = (part: keyof typeof EXPECTED): string =>
      readFileSync(join(fixture.folder, EXPECTED[part]), 'utf8');

    it('is detected as expected', () => {
      expect(describeFixture(fixture).detection).toBe(expected('detection'));
    });

    it('is rendered as expected', () => {
      expect(describeFixture(fixture).dockerfile).toBe(expected('dockerfile'));
    });
  },
);
