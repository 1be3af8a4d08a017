import { join } from 'node:path/posix';
import picomatch from 'picomatch';
import { DockerPythonError } from '../errors';
import { NEVER, NOT_IN_IMAGE } from './default-exclusions';

/** The language of `include` and `exclude`: paths with `*`, `**` and `?`. */

/** Characters that mean something else to one of the readers of a pattern: BuildKit, Nx, picomatch. */
const UNSAFE_PATTERN = /[^\w.@/ *?~=,#%&:;'-]|\/\/|^[# ]| $|[^/]\*\*|\*\*[^/]/u;
/** Nothing but `*`, `**` and `?` means anything. */
export const MATCHING = { dot: true, nobrace: true, noextglob: true, nobracket: true, nonegate: true };

type PathTest = (path: string) => boolean;

const toTest = (pattern: string): PathTest => {
  const expression = picomatch.makeRe(pattern, MATCHING);
  return (path) => expression.test(path);
};

/** The project-relative defaults, compiled once: a graph of a thousand projects asks them for each. */
const DEFAULT_TESTS: ReadonlyMap<string, PathTest> = new Map(
  [...NOT_IN_IMAGE, ...NEVER].map((pattern) => [pattern, toTest(pattern)]),
);

/** All of the defaults for the image in one expression. */
const ANY_DEFAULT = new RegExp(
  NOT_IN_IMAGE.map((pattern) => picomatch.makeRe(pattern, MATCHING).source).join('|'),
);

/** Whether one of the default exclusions catches a project-relative path. */
export function caughtByDefault(path: string): boolean {
  return ANY_DEFAULT.test(path);
}

/** A folder with everything below it, by its name: `docs/**`. */
const FOLDER = /(^|\/)[^/*?]+\/\*\*$/;

/** A pattern for files and folders, as patterns for the files. */
export function withBelow(pattern: string): readonly string[] {
  if (pattern === '**' || FOLDER.test(pattern)) return [pattern];
  return pattern.endsWith('/**') ? [`${pattern}/*`] : [pattern, `${pattern}/**`];
}

/** Whether a project-relative pattern catches one of the project-relative paths. */
export function catches(pattern: string, paths: readonly string[]): boolean {
  // Nearly all patterns are about another place than all of the paths; compiling those would take most of the time.
  const near = paths.filter((path) => startsAlike(pattern, path));
  return near.length > 0 && near.some(DEFAULT_TESTS.get(pattern) ?? toTest(pattern));
}

/** Whether a path starts with what a pattern says before its first wildcard. */
function startsAlike(pattern: string, path: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '*' || character === '?') return true;
    if (character !== path[at]) return false;
  }
  return pattern.length === path.length;
}

/**
 * A pattern of the settings, from the workspace.
 *
 * @param setting name of the setting, for messages
 * @throws DockerPythonError INVALID_SETTINGS for what is outside of the pattern language
 */
export function anchored(pattern: string, root: string, setting: string): string {
  const rest = pattern.replace(/^\{(workspaceRoot|projectRoot)\}\//, '');
  const path = join(pattern.startsWith('{workspaceRoot}/') ? '.' : root, rest)
    .replace(/^\/|\/$/g, '')
    .replace(/\*\*(\/\*\*)+/g, '**');
  if (rest === '' || rest.split('/').includes('..') || UNSAFE_PATTERN.test(path)) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `The pattern ${JSON.stringify(pattern)} in "${setting}" is not supported.`,
      hint: 'Patterns are paths with *, ** and ?; no braces, brackets, "!" or "..". They start at the project, or with {workspaceRoot}/.',
    });
  }
  return path;
}
