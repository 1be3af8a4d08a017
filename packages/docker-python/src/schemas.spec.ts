import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { settingsSchema } from './settings/schema';

/** What stands in a schema.json, as far as Nx Console shows it. */
interface Property {
  readonly type?: string | readonly string[];
  readonly oneOf?: readonly Property[];
  readonly enum?: readonly string[];
  readonly items?: Property;
  readonly description?: string;
  readonly default?: unknown;
  readonly 'x-prompt'?: unknown;
  readonly 'x-priority'?: string;
}

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
}

interface Entry {
  readonly schema: string;
  readonly description?: string;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(__dirname, '..', path), 'utf8'));
const entries = (['generators', 'executors'] as const).flatMap((kind) =>
  Object.entries((read(`${kind}.json`) as Record<typeof kind, Record<string, Entry>>)[kind]).map(
    ([name, entry]) => ({ name: `${kind} ${name}`, entry, schema: read(entry.schema) as Schema }),
  ),
);
const properties = entries.flatMap(({ name, schema }) =>
  Object.entries(schema.properties ?? {}).map(([key, property]) => ({
    name: `${name} ${key}`,
    key,
    property,
    isRequired: schema.required?.includes(key) ?? false,
  })),
);

/** A sentence that says more than the name: what Nx Console shows beside a field. */
const SENTENCE = /^[A-Z-].{12,}[.]$/s;

describe('what Nx Console and --help show', () => {
  it.each(entries)('$name has a title and a description', ({ entry, schema }) => {
    expect(schema.title).toMatch(/^[A-Z].{5,}[^.]$/);
    expect(schema.description).toMatch(SENTENCE);
    expect(entry.description).toMatch(SENTENCE);
    expect(schema.additionalProperties).toBe(false);
  });

  it.each(properties)('$name is described, and has a form', ({ property }) => {
    expect(property.description).toMatch(SENTENCE);
    expect(property.type ?? property.oneOf ?? property.enum).toBeDefined();
    if (property.type === 'array') expect(property.items?.type).toBeDefined();
    if (property.type === 'boolean') expect(typeof property.default).toBe('boolean');
    if (property.enum && property.default !== undefined) expect(property.enum).toContain(property.default);
  });

  it.each(properties.filter(({ isRequired }) => isRequired))(
    '$name is asked for, and stands first',
    ({ property }) => {
      expect(property['x-prompt']).toMatch(/\?$/);
      expect(property['x-priority']).toBe('important');
    },
  );

  it('options that are settings take the values of those settings', () => {
    const settings = (z.toJSONSchema(settingsSchema, { io: 'input' }) as Schema).properties!;
    const differing = properties
      .filter(({ key, property }) => property.enum !== undefined && settings[key]?.enum !== undefined)
      .filter(({ key, property }) => property.enum!.join() !== settings[key]!.enum!.join());
    expect(differing).toEqual([]);
    expect(properties.filter(({ key }) => key === 'manager')).toHaveLength(1);
  });
});
