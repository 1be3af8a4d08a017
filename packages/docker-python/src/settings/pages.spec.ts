import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPluginOptions, readSettingsFile } from './resolve';
import { settingsSchema } from './schema';

const ROOT = join(__dirname, '../../../..');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];

/** Blocks of JSON that are settings or options of the plugin; `<...>` is what a reader fills in. */
const examples = PAGES.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^ *```json\n(.*?)```/gms)].flatMap(([, json]) => {
    const value = JSON.parse(json!.replace(/<[^">]+>/g, 'filled-in-by-the-reader')) as object;
    const isSettings = Object.keys(value).some((key) => Object.hasOwn(settingsSchema.shape, key));
    return isSettings || 'plugins' in value ? [{ page, value }] : [];
  });
});

it('there are examples of settings in the pages', () => {
  expect(examples.length).toBeGreaterThan(10);
});

it.each(examples)('an example in $page can be copied as it is: $value', ({ page, value }) => {
  const entries = 'plugins' in value ? (value.plugins as readonly (string | { options: object })[]) : [];
  for (const entry of entries) if (typeof entry !== 'string') readPluginOptions(entry.options);
  if (entries.length === 0) readSettingsFile(JSON.stringify(value), page);
});
