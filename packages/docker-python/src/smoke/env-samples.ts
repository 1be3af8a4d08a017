import { posix } from 'node:path';
import { readEnvFile } from '../detection/env-file';
import type { FileSource } from '../detection/files';

/** A value that the project itself gives as an example. */
export interface SampleValue {
  readonly name: string;
  readonly value: string;
  /** Workspace-relative file. */
  readonly from: string;
}

/** Files with examples, the most deliberate first: the first that has a name decides its value. */
const FILES: readonly {
  readonly names: readonly string[];
  readonly read: (text: string) => [string, string][];
}[] = [
  {
    names: [
      '.env.example',
      '.env.sample',
      '.env.template',
      '.env.dist',
      'example.env',
      'sample.env',
      'env.example',
    ],
    read: readEnvFile,
  },
  { names: ['app.json'], read: readAppJson },
  {
    names: ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'],
    read: readComposeEnvironment,
  },
];

/** All of them, relative to a folder. */
export const SAMPLE_FILES: readonly string[] = FILES.flatMap(({ names }) => names);

/** What the image or the test decides itself. */
const NOT_OURS = /^(PORT|PATH|HOME|USER|LOGNAME|HOSTNAME|PWD|SHELL|VIRTUAL_ENV|PYTHON\w*|LD_\w+|DOCKER_\w+)$/;

/** Values that a project gives as examples, in its root and at the workspace root. */
export function sampleValues(files: FileSource, root: string): readonly SampleValue[] {
  const found = new Map<string, SampleValue>();
  for (const { names, read } of FILES) {
    for (const from of [root, '.'].flatMap((folder) => names.map((name) => posix.join(folder, name)))) {
      for (const [name, value] of read(files.read(from) ?? '')) {
        if (value !== '' && !NOT_OURS.test(name) && !found.has(name)) found.set(name, { name, value, from });
      }
    }
  }
  return [...found.values()];
}

/** Long enough for those who measure secrets. */
const GENERATED = 'sample-value-of-a-smoke-test-0123456789abcdefghijklmnopqrstuvwxyz';

/** `env` of an app.json. Source: Heroku's "app.json Schema". */
function readAppJson(text: string): [string, string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text || '{}');
  } catch {
    return []; // an example that cannot be read is no example
  }
  const env = typeof parsed === 'object' && parsed !== null && 'env' in parsed ? parsed.env : undefined;
  if (typeof env !== 'object' || env === null) return [];
  return Object.entries(env as Record<string, unknown>).flatMap(([name, entry]): [string, string][] => {
    if (typeof entry === 'string') return [[name, entry]];
    if (typeof entry !== 'object' || entry === null) return [];
    const { value, generator } = entry as { value?: unknown; generator?: unknown };
    if (typeof value === 'string') return [[name, value]];
    return generator === 'secret' ? [[name, GENERATED]] : [];
  });
}

/**
 * The `environment:` blocks of a compose file, both of their forms, read by indentation: enough for examples,
 * and no YAML parser for them.
 */
function readComposeEnvironment(text: string): [string, string][] {
  const values: [string, string][] = [];
  let depth: number | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const indent = /^ */.exec(line)![0].length;
    const item = /^\s*-/.test(line);
    if (depth !== undefined && (indent < depth || (indent === depth && !item))) depth = undefined;
    if (depth !== undefined) {
      const [, name, raw] = /^\s*-?\s*["']?([A-Za-z_][A-Za-z0-9_]*)(?:\s*:\s+|=)(.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined && raw !== undefined) values.push([name, composeValue(raw)]);
    }
    if (/^\s*environment:\s*$/.test(line)) depth = indent;
  }
  return values;
}

/** Quotes, comments, and `${NAME:-default}`, of which the default counts. */
function composeValue(raw: string): string {
  const [, quoted] = /^(?:"([^"]*)"|'[^']*')/.exec(raw) ?? [];
  const plain =
    quoted ??
    raw
      .replace(/^'(.*)'$/, '$1')
      .replace(/\s+#.*$/, '')
      .replace(/["']$/, '');
  return plain.replace(/\$\{\w+(?::?-([^}]*))?[^}]*\}/g, (_, fallback?: string) => fallback ?? '');
}
