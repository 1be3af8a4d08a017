/** `npm run docs`: brings the tables in docs/ in line with the schemas they describe. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { z } from 'zod';
import { pluginOptionsSchema, settingsSchema } from '../packages/docker-python/src/settings/schema';
import { main, say, ToolError } from './shell';

const root = join(__dirname, '..');
const source = join(root, 'packages/docker-python/src');

/** A property of a JSON schema, as far as a table shows it. */
interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly oneOf?: readonly Property[];
  readonly properties?: Record<string, Property>;
  readonly additionalProperties?: Property | boolean;
  readonly items?: Property;
  readonly const?: string | number | boolean;
  readonly description?: string;
  readonly default?: unknown;
}

/** Page -> marker of a generated table -> its properties. */
const TABLES: Readonly<Record<string, Readonly<Record<string, () => Record<string, Property>>>>> = {
  'docs/settings.md': {
    settings: () => withInnerKeys((z.toJSONSchema(settingsSchema, { io: 'input' }) as Schema).properties),
  },
  'docs/docker-build.md': { options: () => propertiesOf('executors/docker-build/schema.json') },
  'docs/smoke-test.md': {
    'smoke-test': () => propertiesOf('executors/smoke-test/schema.json'),
    smokeTest: () => nested('smokeTest'),
  },
  'docs/docker-run.md': { 'docker-run': () => propertiesOf('executors/docker-run/schema.json') },
  'docs/refresh.md': { refresh: () => propertiesOf('generators/refresh/schema.json') },
  'docs/ci.md': { ci: () => propertiesOf('generators/ci/schema.json') },
  'docs/push.md': { push: () => propertiesOf('executors/push/schema.json') },
  'docs/compose.md': { compose: () => propertiesOf('generators/compose/schema.json') },
  'docs/pin-deps.md': { 'pin-deps': () => propertiesOf('executors/pin-deps/schema.json') },
  'docs/audit.md': { audit: () => propertiesOf('executors/audit/schema.json') },
  'docs/diagnose.md': { diagnose: () => propertiesOf('executors/diagnose/schema.json') },
  'docs/installing.md': { init: () => propertiesOf('generators/init/schema.json') },
  'docs/organisation.md': {
    plugin: () => (z.toJSONSchema(pluginOptionsSchema, { io: 'input' }) as Schema).properties,
  },
  'docs/setup.md': {
    setup: () => propertiesOf('generators/setup/schema.json'),
    example: () => propertiesOf('generators/example/schema.json'),
  },
};

interface Schema {
  readonly properties: Record<string, Property>;
}

/** Schemas that a page has a table of. */
const described = new Set<string>();

/** Generators and executors with options that stand on no page. */
function undescribed(): readonly string[] {
  return ['generators', 'executors'].flatMap((kind) => {
    const file = JSON.parse(readFileSync(join(source, `../${kind}.json`), 'utf8')) as Record<
      string,
      Record<string, { schema: string }>
    >;
    return Object.values(file[kind]!)
      .map(({ schema }) => schema.replace('./src/', ''))
      .filter((path) => Object.keys(propertiesIn(path)).length > 0 && !described.has(path));
  });
}

/** The pages as they should be: path to text. */
export async function currentPages(): Promise<Readonly<Record<string, string>>> {
  const pages = Object.entries(TABLES).map(async ([path, tables]) => {
    let text = readFileSync(join(root, path), 'utf8');
    for (const [marker, properties] of Object.entries(tables))
      text = insert(text, marker, table(properties()));
    return [
      path,
      await prettier.format(text, {
        ...(await prettier.resolveConfig(join(root, path))),
        parser: 'markdown',
      }),
    ] as const;
  });
  const texts = Object.fromEntries(await Promise.all(pages));
  const missing = undescribed();
  if (missing.length > 0)
    throw new ToolError(`No page has a table of ${missing.join(', ')}: see TABLES in tools/docs.ts`);
  return texts;
}

function insert(text: string, marker: string, body: string): string {
  const [start, end] = [`<!-- ${marker} -->`, `<!-- end of ${marker} -->`];
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The marker ${start} is missing.`);
  return `${before}${start}\n\n${body}\n\n${end}${after}`;
}

function table(properties: Record<string, Property>): string {
  const rows = Object.entries(properties).map(([name, property]) => {
    const standard =
      property.default === undefined ? '' : ` Default: \`${JSON.stringify(property.default)}\`.`;
    return `| \`${name}\` | ${kind(property)} | ${escaped(`${property.description ?? ''}${standard}`)} |`;
  });
  return ['| name | form | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function kind(property: Property): string {
  if (property.enum) return property.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (property.const !== undefined) return `\`${String(property.const)}\``;
  const forms = property.anyOf ?? property.oneOf;
  if (forms) return [...new Set(forms.map(kind))].join(' or ');
  return property.type === 'array'
    ? `list of ${property.items ? kind(property.items) : 'values'}`
    : [property.type ?? 'any'].flat().join(' or ');
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** Settings whose keys have a table of their own. */
const TABLE_ELSEWHERE: readonly string[] = ['smokeTest'];

/** How an entry of a setting is written that is a list or has names of the user's own. */
const ENTRIES: Readonly<Record<string, string>> = {
  artifacts: 'artifacts[]',
  processes: 'processes.<name>',
  buildEnv: 'buildEnv.<NAME>',
};

/** Each setting, followed by the keys of the objects that it takes: `healthCheck`, `healthCheck.path`. */
function withInnerKeys(settings: Record<string, Property>): Record<string, Property> {
  const rows = (
    path: string,
    properties: Record<string, Property>,
  ): readonly (readonly [string, Property])[] =>
    Object.entries(properties).flatMap(([name, property]) => {
      // One that is a setting as well has its keys there.
      const hasKeysElsewhere = TABLE_ELSEWHERE.includes(name) || (path !== '' && name in settings);
      const row = [`${path}${name}`, property] as const;
      return hasKeysElsewhere
        ? [row]
        : [row, ...rows(`${path}${ENTRIES[name] ?? name}.`, innerKeys(property))];
    });
  return Object.fromEntries(rows('', settings));
}

/** The keys of all objects that a value may be, or that its entries may be. */
function innerKeys(property: Property): Record<string, Property> {
  const { anyOf = [], oneOf = [], items, additionalProperties, properties } = property;
  const entries = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  const forms = [...anyOf, ...oneOf, ...entries, ...(items ? [items] : [])];
  return Object.assign({}, properties, ...forms.map(innerKeys)) as Record<string, Property>;
}

/** The keys of a setting that may be an object. */
function nested(key: string): Record<string, Property> {
  const setting = (z.toJSONSchema(settingsSchema, { io: 'input' }) as Schema).properties[key]!;
  return setting.anyOf!.find(({ properties }) => properties)!.properties!;
}

function propertiesOf(path: string): Record<string, Property> {
  described.add(path);
  return propertiesIn(path);
}

function propertiesIn(path: string): Record<string, Property> {
  return (JSON.parse(readFileSync(join(source, path), 'utf8')) as Schema).properties;
}

if (require.main === module) {
  void main(async () => {
    for (const [path, text] of Object.entries(await currentPages())) {
      if (process.argv.includes('--check')) {
        if (readFileSync(join(root, path), 'utf8') === text) continue;
        throw new ToolError(`${path} is not as the schemas say: npm run docs`);
      }
      writeFileSync(join(root, path), text);
      say(path);
    }
  });
}
