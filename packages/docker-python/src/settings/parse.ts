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
  const issue = mostTelling(result.error.issues[0]!);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    const key = issue.keys.find((name) => !known.includes(name)) ?? issue.keys[0]!;
    // Of another form of the value.
    if (known.includes(key)) throw notTogether(where, issue.path, key);
    const near = nearestName(key, known);
    throw new DockerPythonError({
      code: 'UNKNOWN_SETTING',
      message: `${where}: there is no key "${[...issue.path, key].join('.')}".`,
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

function notTogether(where: string, path: readonly PropertyKey[], key: string): DockerPythonError {
  const place = path.join('.');
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${where}: "${place}" is wrong: "${key}" does not go together with its other keys.`,
    hint: `Keep one of them in "${place}" in ${where}.`,
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

/**
 * Where a value may have several forms, zod says of each why it is not that one. The form that was meant is the one that
 * fits furthest: its problem is a key, or lies inside.
 */
function mostTelling(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inside = issue.errors
    .flat()
    .map((one) => mostTelling({ ...one, path: [...issue.path, ...one.path] }));
  return (
    inside.find(({ code }) => code === 'unrecognized_keys') ??
    inside.find(({ path }) => path.length > issue.path.length) ??
    inside.find((one) => one.code === 'invalid_type' && one.expected === 'object') ??
    inside.find(({ code }) => code !== 'invalid_type' && code !== 'invalid_value') ??
    inside[0] ??
    issue
  );
}

/** `Invalid input: expected number, received string`: zod says the types in words for developers of its users. */
const TYPES = /expected (\w+), received (\w+)$/;

function describeIssue(issue: z.core.$ZodIssue): string {
  const [, expected, received] = TYPES.exec(issue.message) ?? [];
  if (expected !== undefined && received !== undefined)
    return received === 'undefined' ? 'it is missing.' : `it is ${named(received)}, not ${named(expected)}.`;
  if (issue.code === 'too_big' || issue.code === 'too_small') return `it is ${outside(issue)}.`;
  return issue.code === 'invalid_format' || issue.code === 'custom'
    ? `the value ${issue.message}.`
    : `${issue.message}.`;
}

function outside(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const isNumber = issue.origin === 'number' || issue.origin === 'int';
  if (issue.code === 'too_big') return `${isNumber ? 'greater' : 'longer'} than ${issue.maximum}`;
  return isNumber ? `less than ${issue.minimum}` : 'empty';
}

function named(type: string): string {
  const word = type === 'record' ? 'object' : type;
  return word === 'null' ? word : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** What the schema says about a key, for the hint. */
function expectation(schema: z.ZodType, path: readonly PropertyKey[]): string {
  const described = descend(schema, path)?.description;
  const keys = path.length === 0 ? [] : knownKeys(schema, path);
  return `${described ? ` It is: ${described}.` : ''}${keys.length > 0 ? ` Its keys: ${keys.join(', ')}.` : ''}`;
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
    const next = alternatives(current)
      .map((form) => valueAt(form, key))
      .find((value) => value !== undefined);
    if (!next) return current;
    current = unwrap(next);
  }
  return current;
}

/** Under a key of one form: of an object that has it, or of any in a record. */
function valueAt(form: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  if (form instanceof z.ZodRecord) return form.valueType as z.ZodType;
  if (form instanceof z.ZodObject) return (form.shape as Record<PropertyKey, z.ZodType | undefined>)[key];
  return undefined;
}

/** What a place may hold: `false`, or a table. */
function alternatives(schema: z.ZodType | undefined): readonly (z.ZodType | undefined)[] {
  return schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]).map(unwrap) : [schema];
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
