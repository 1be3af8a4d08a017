import picomatch from 'picomatch';
import { DockerPythonError, nearestName } from '../errors';
import { NEVER, NOT_IN_IMAGE } from './default-exclusions';
import { below, checkPath, checkRoot, isBelow, relativeTo, rootsOf, within } from './paths';
import { anchored, catches, caughtByDefault, MATCHING, withBelow } from './patterns';

/**
 * The one selection of files. The build context (Dockerfile.dockerignore), the Nx inputs of `docker-build`
 * and the content key all come from it, so that none can drift from the others.
 *
 * Patterns are workspace-relative with `*`, `**` and `?`. As in an ignore file, one stands for what it matches and,
 * where that is a folder, for everything below it.
 */
export interface ContextSelection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Workspace-relative outputs of other targets: sent even where git ignores them, hashed as outputs. */
  readonly artifacts: readonly string[];
}

export interface ContextQuestion {
  /** Workspace-relative root of the project, `.` for the workspace itself. */
  readonly root: string;
  /** Workspace-relative files that the build reads wherever they are: manifests, locks, requirements chains. */
  readonly manifests: readonly string[];
  /** Workspace-relative folders of the libraries that the image needs, and files of built ones. */
  readonly libraries?: readonly string[];
  /** Roots of other projects; those below `root` or a library are not part of it. */
  readonly otherRoots: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Workspace-relative outputs of other targets. */
  readonly artifacts?: readonly string[];
}

/** Patterns that projects have in common, by what they follow from: a graph makes those of a library once. */
export type SharedPatterns = Map<string, readonly string[]>;

/**
 * Decides which workspace files belong to a project's image.
 *
 * @param shared patterns of libraries that are known already; those of this project are added
 * @throws DockerPythonError UNSUPPORTED_PATH for a project path that a Dockerfile cannot carry,
 *   INVALID_SETTINGS for a pattern outside of the pattern language
 */
export function selectContext(
  { root, manifests, libraries = [], otherRoots, include, exclude, artifacts = [] }: ContextQuestion,
  shared: SharedPatterns = new Map(),
): ContextSelection {
  const trees = [root, ...libraries];
  for (const tree of trees) checkRoot(tree);
  for (const path of [...manifests, ...artifacts]) checkPath(path, 'file');
  const lifted = new Set(
    exclude.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  );
  for (const pattern of lifted) checkLifted(pattern);
  const defaults = NOT_IN_IMAGE.filter((pattern) => !lifted.has(pattern));
  const own = exclude.filter((pattern) => !pattern.startsWith('!'));
  const excluded = [
    ...trees.flatMap((tree) => notInImage(defaults, tree, manifests, shared)),
    ...own.flatMap((pattern) => withBelow(anchored(pattern, root, 'exclude'))),
  ];
  const included = include.flatMap((pattern) => withBelow(anchored(pattern, root, 'include')));
  for (const path of rootsOf(included)) checkPath(path, 'included path');
  const outside = manifests.filter((path) => !isBelow(path, root) || path === root);
  return {
    include: [...new Set([...trees.map(below), ...outside, ...included])],
    exclude: [...new Set([...nestedProjects(trees, otherRoots), ...excluded, ...NEVER])],
    artifacts,
  };
}

/** The default exclusions of a tree. A manifest that the build reads is sent even where one would catch it. */
function notInImage(
  patterns: readonly string[],
  tree: string,
  manifests: readonly string[],
  shared: SharedPatterns,
): readonly string[] {
  const inside = sentAnyway(manifests, tree);
  const key = JSON.stringify([tree, inside, patterns.length === NOT_IN_IMAGE.length || patterns]);
  const known = shared.get(key);
  if (known) return known;
  const made = patterns
    .filter((pattern) => !catches(pattern, inside))
    .map((pattern) => within(tree, pattern));
  shared.set(key, made);
  return made;
}

/** Manifests of a tree that the default exclusions would catch, relative to it: nearly always none. */
export function sentAnyway(manifests: readonly string[], tree: string): readonly string[] {
  return manifests
    .filter((path) => isBelow(path, tree))
    .map((path) => relativeTo(path, tree))
    .filter(caughtByDefault);
}

/** Other projects below a tree. In Nx an exclusion always wins, so one that holds a needed library stays. */
function nestedProjects(trees: readonly string[], otherRoots: readonly string[]): readonly string[] {
  return otherRoots
    .filter((other) => trees.some((tree) => other !== tree && isBelow(other, tree)))
    .filter((other) => !trees.some((tree) => isBelow(tree, other)))
    .map((other) => `${other}/**`);
}

const isNever = picomatch(NEVER.flatMap(withBelow), MATCHING);

/** A predicate over workspace-relative paths: is this file in the selection? */
export function contextMatcher(selection: ContextSelection): (path: string) => boolean {
  const included = picomatch(selection.include.flatMap(withBelow), MATCHING);
  const excluded = picomatch(selection.exclude.flatMap(withBelow), MATCHING);
  return (path) =>
    (included(path) && !excluded(path)) ||
    (selection.artifacts.some((artifact) => isBelow(path, artifact)) && !isNever(path));
}

/**
 * The selection as Nx inputs. `{projectRoot}` where it can be, so that Nx asks only the project's own files.
 *
 * @param alsoHashed files that are not sent but decide the image: settings and managed files. In Nx an
 *   exclusion always wins, so those that would catch one of them are left out.
 */
export function nxInputs(
  selection: ContextSelection,
  root: string,
  alsoHashed: readonly string[],
): readonly string[] {
  const positive = [...selection.include, ...alsoHashed].map((pattern) => nxPattern(pattern, root));
  const hashed = alsoHashed.map((path) => relativeTo(path, root));
  const negative = selection.exclude
    .filter((pattern) => !catches(relativeTo(pattern, root), hashed))
    .map((pattern) =>
      pattern.startsWith('**/')
        ? `!${nxPattern(within(root, pattern), root)}`
        : `!${nxPattern(pattern, root)}`,
    );
  return [...new Set(positive), ...negative];
}

/** @throws DockerPythonError INVALID_SETTINGS for a "!" that changes nothing */
function checkLifted(pattern: string): void {
  if (NOT_IN_IMAGE.includes(pattern)) return;
  const never = NEVER.includes(pattern);
  const near = nearestName(pattern, NOT_IN_IMAGE) ?? nearestName(`**/${pattern}/**`, NOT_IN_IMAGE);
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${JSON.stringify(`!${pattern}`)} in "exclude" ${never ? 'cannot be switched off: it may hold secrets, or is of no use in an image' : 'switches nothing off: no default exclusion has exactly this pattern'}.`,
    hint: never
      ? 'Remove it. What the program needs from there comes with "env", or when the container is started.'
      : near
        ? `Did you mean ${JSON.stringify(`!${near}`)}?`
        : `Remove it, or write one of: ${NOT_IN_IMAGE.join(' ')}`,
  });
}

function nxPattern(pattern: string, root: string): string {
  const file = pattern.endsWith('/**') ? `${pattern}/*` : pattern === '**' ? '**/*' : pattern;
  if (root === '.') return `{projectRoot}/${file}`;
  if (pattern.startsWith(`${root}/`)) return `{projectRoot}/${file.slice(root.length + 1)}`;
  return `{workspaceRoot}/${file}`;
}
