import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { settingsFileSchema, settingsSchema } from '../packages/docker-python/src/settings/schema';
import { main, show } from './shell';

const root = join(__dirname, '..');
const source = join(root, 'packages/docker-python');
const target = join(root, 'dist/packages/docker-python');

/** Files that are read at run time as they are. */
const ASSETS = /\.(json|py|template|txt)$/;

/** Executors whose options take any setting as well. */
const TAKE_SETTINGS = ['docker-build', 'push'];

/** What a schema says about one option. */
interface Property {
  readonly type?: string | readonly string[];
  readonly items?: Property;
  readonly [key: string]: unknown;
}

/** On a command line: Nx makes a number of `--python=3.13`, and refuses one where the schema wants a text. */
const PYTHON_OPTION = {
  type: ['string', 'number'],
  description: 'Python version: 3.13, or python3.10, which Nx does not read as the number 3.1',
};

/** Builds the publishable package: JavaScript, declarations, schemas, assets, and nothing else. */
export async function build(): Promise<string> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  await show(join(root, 'node_modules/.bin/tsc'), ['-p', join(source, 'tsconfig.lib.json')], { cwd: root });
  copyAssets(join(source, 'src'), join(target, 'src'));
  for (const name of ['package.json', 'generators.json', 'executors.json'])
    cpSync(join(source, name), join(target, name));
  writeMigrations();
  cpSync(join(root, 'README.md'), join(target, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  writeSchemas();
  return target;
}

/** Nx runs a migration once, when its version is passed: this one has to run with every release. */
function writeMigrations(): void {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(source, name), 'utf8'));
  const { version } = read('package.json') as { version: string };
  const { generators, ...rest } = read('migrations.json') as { generators: Record<string, object> };
  const current = Object.entries(generators).map(([name, entry]) => [name, { ...entry, version }] as const);
  writeJson(join(target, 'migrations.json'), { ...rest, generators: Object.fromEntries(current) });
}

function copyAssets(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && ASSETS.test(entry.name)) cpSync(path, join(to, relative(from, path)));
  }
}

/** The settings schema for editors, and the settings as options of the executors that take them. */
function writeSchemas(): void {
  writeJson(join(target, 'docker-python.schema.json'), jsonSchema(settingsFileSchema));
  const settings = jsonSchema(settingsSchema) as { properties: Record<string, Property> };
  for (const executor of TAKE_SETTINGS) {
    const path = join(target, 'src/executors', executor, 'schema.json');
    const schema = JSON.parse(readFileSync(path, 'utf8')) as { properties: Record<string, Property> };
    // An option of the executor's own goes before a setting of that name: --no-cache is not the setting "cache".
    const properties = { ...settings.properties, python: PYTHON_OPTION, ...schema.properties };
    const typed = Object.entries(properties).map(([name, property]) => [name, asTyped(property)] as const);
    writeJson(path, { ...schema, properties: Object.fromEntries(typed) });
  }
}

/**
 * A property as a command line gives it: Nx makes a number of `42`, no list of one, and refuses what its schema does not
 * name. Of several forms it tries those under `oneOf` when it splits a list at its commas.
 */
function asTyped(property: Property): Property {
  const { type, items, ...rest } = property;
  if (type === 'string' && property['enum'] === undefined) return { ...rest, type: ['string', 'number'] };
  if (type !== 'array' || ![items?.type].flat().includes('string')) return property;
  const item = { ...items, type: ['string', 'number'] };
  return { ...rest, oneOf: [{ type, items: item }, { type: 'number' }] };
}

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

if (require.main === module) {
  void main(async () => {
    await build();
  });
}
