import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXPECTED, fixtures } from '../fixtures/corpus';
import { describeFixture } from '../fixtures/describe';
import { MANAGERS } from './detection/managers';
import { settingsSchema } from './settings/schema';

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

describe('a package manager', () => {
  it('is a file of its name, a setting, and at least one fixture', () => {
    const names = MANAGERS.map(({ name }) => name);
    const inFixtures = new Set(fixtures().map(({ name }) => name.split('-')[0]));
    const files = readdirSync(join(__dirname, 'detection/managers'));
    expect(names.filter((name) => !files.includes(`${name}.ts`))).toEqual([]);
    expect([...inFixtures].sort()).toEqual(names.toSorted());
    expect(settingsSchema.shape.manager.unwrap().options.toSorted()).toEqual(names.toSorted());
  });
});
