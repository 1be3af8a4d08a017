import { z } from 'zod';
import { DockerPythonError, nearestName } from '../errors';
import { findJsonMistake } from './json-position';

/**
 * Validates a value of unknown shape.
 *
 * @param schema what it should be
 * @param value what it is
 * @param where file or option that it came from, for messages
 * @throws DockerPythonError UNKNOWN_SETTING (with the nearest known name) or INVALID_SETTINGS
 */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, where: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = knownKeys(schema, issue.path);
    const near = nearestName(key, known);
    throw new DockerPythonError({
      code: 'UNKNOWN_SETTING',
      message: `${where} has the unknown key "${[...issue.path, key].join('.')}".`,
      hint: near
        ? `Did you mean "${near}"? Known keys: ${known.join(', ')}.`
        : `Remove it. Known keys: ${known.join(', ')}.`,
    });
  }
  const place = issue.path.join('.');
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${where}: ${place ? `"${place}" is wrong: ` : ''}${describeIssue(issue)}`,
    hint: `Correct ${place ? `"${place}" in ` : ''}${where}.${expectation(schema, issue.path)}`,
  });
}

/**
 * Parses JSON with comments allowed nowhere: docker-python.json is plain JSON.
 *
 * @throws DockerPythonError INVALID_SETTINGS
 */
export function parseJson(text: string, where: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const mistake = findJsonMistake(json);
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `${where} is not valid JSON: ${mistake ? `line ${mistake.line}, column ${mistake.column}: expected ${mistake.expected}.` : (error as Error).message}`,
      hint: `Correct ${where}; an ordinary project needs no more than { "version": 1 }.`,
      cause: error,
    });
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_format' || issue.code === 'custom'
    ? `the value ${issue.message}.`
    : `${issue.message}.`;
}

/** What the schema says about a key, for the hint. */
function expectation(schema: z.ZodType, path: readonly PropertyKey[]): string {
  const described = descend(schema, path)?.description;
  return described ? ` It is: ${described}.` : '';
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const target = descend(schema, path);
  const objects = alternatives(target).filter((one) => one instanceof z.ZodObject);
  return [...new Set(objects.flatMap(({ shape }) => Object.keys(shape)))];
}

/** The schema at a place, seen through `optional()` and `false | {...}`. The description is the outermost one on the way. */
function descend(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = unwrap(schema);
  for (const key of path) {
    const table = alternatives(current).find((one) => one instanceof z.ZodObject);
    if (!table) return current;
    current = unwrap((table.shape as Record<PropertyKey, z.ZodType | undefined>)[key]);
  }
  return current;
}

/** What a place may hold: `false`, or a table. */
function alternatives(schema: z.ZodType | undefined): readonly (z.ZodType | undefined)[] {
  return schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]).map(unwrap) : [schema];
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
