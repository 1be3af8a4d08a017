import { DockerPythonError, nearestName } from '../errors';
import { EVENTS, type Checkout, type Event } from './checkout';
import { tag, type Tag } from './image-name';

/** Tags where the settings name none: `latest` belongs to the default branch alone. */
export const DEFAULT_TAGS: readonly string[] = [
  'latest@default',
  'branch-{branch}@branch',
  '{gitTag}@tag',
  'pr-{pr}@pr',
  'sha-{shortSha}@detached',
];

/**
 * What stands for the variables of a template: its keys are those that there are. One without a value here makes its
 * template apply to nothing.
 */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/** Of every template. */
export function checkoutValues(checkout: Checkout): TemplateValues {
  return {
    branch: slug(checkout.branch),
    defaultBranch: slug(checkout.defaultBranch),
    sha: checkout.sha,
    shortSha: checkout.sha?.slice(0, 7),
    gitTag: slug(checkout.gitTag),
    pr: checkout.pr,
  };
}

/** Of templates of tags. `date` is that of the run, in UTC: 20260131. `version` that of the project. */
export function tagValues(
  checkout: Checkout,
  { version, date }: { readonly version?: string; readonly date: Date },
): TemplateValues {
  return {
    ...checkoutValues(checkout),
    version: slug(version),
    date: date.toISOString().slice(0, 10).replaceAll('-', ''),
  };
}

/**
 * The tags of a run, in the order of their templates, each once.
 *
 * @throws DockerPythonError INVALID_SETTINGS, INVALID_IMAGE_NAME
 */
export function expandTags(
  templates: readonly string[],
  checkout: Checkout,
  values: TemplateValues,
): readonly Tag[] {
  const tags = templates.flatMap((template) => {
    const text = expandTemplate(template, checkout, values);
    return text === undefined ? [] : [tag(text)];
  });
  return [...new Set(tags)];
}

/**
 * @returns undefined where the condition does not hold, or a variable has no value here
 * @throws DockerPythonError INVALID_SETTINGS for a variable or condition that does not exist
 */
export function expandTemplate(
  template: string,
  checkout: Checkout,
  values: TemplateValues,
): string | undefined {
  const { text, condition } = splitTemplate(template);
  let complete = true;
  const expanded = text.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    if (!Object.hasOwn(values, name)) throw unknown(template, 'variable', name, Object.keys(values));
    complete &&= values[name] !== undefined;
    return values[name] ?? '';
  });
  return holds(template, condition, checkout) && complete ? expanded : undefined;
}

/** A condition stands after the last @, and no reference of an image has an @ but before a digest. */
function splitTemplate(template: string): { readonly text: string; readonly condition: string | undefined } {
  const at = template.lastIndexOf('@');
  return at === -1
    ? { text: template, condition: undefined }
    : { text: template.slice(0, at), condition: template.slice(at + 1) };
}

function holds(template: string, condition: string | undefined, { event, branch, ci }: Checkout): boolean {
  if (condition === undefined) return true;
  const [, pattern] = /^branch:(.+)$/.exec(condition) ?? [];
  if (pattern !== undefined)
    return (event === 'branch' || event === 'default') && globOf(pattern).test(branch!);
  if (condition === 'ci') return ci && (event === 'branch' || event === 'default');
  if ((EVENTS as readonly string[]).includes(condition)) return event === (condition as Event);
  throw unknown(template, 'condition', condition, [...EVENTS, 'ci', 'branch:<pattern>']);
}

/** `*` stands for anything, as in the filters of CI systems. */
function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

/**
 * A name of git as part of a tag: what a tag cannot carry becomes a hyphen. Different names may become the same.
 *
 * @returns undefined where nothing is left
 */
function slug(name: string | undefined): string | undefined {
  const text = name
    ?.replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
  return text === '' ? undefined : text;
}

function unknown(template: string, what: string, name: string, known: readonly string[]): DockerPythonError {
  const near = nearestName(name, known);
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `The template ${JSON.stringify(template)} has the unknown ${what} ${JSON.stringify(name)}.`,
    hint: `${near === undefined ? '' : `Did you mean ${JSON.stringify(near)}? `}There are: ${known.join(', ')}.`,
  });
}
