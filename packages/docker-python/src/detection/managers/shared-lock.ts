import { posix } from 'node:path';
import { tableAt } from '../toml';
import { distributionName, type DependencyFacts, type InstallRecipe } from '../types';
import { glanceAtPyproject, inRoot } from './pyproject';
import { OUTPUT, SCRIPTS } from './tools';
import type { ManagerQuestion } from './types';

/** Where the slice of a shared lock lies in a project, by the form that it has. */
const SLICES = { requirements: 'docker/requirements.lock', pylock: 'docker/pylock.toml' } as const;

/**
 * Facts whose lock lies outside of the project, so that it pins others as well: the image then reads the project's
 * slice of it instead. Nothing is exported here.
 *
 * @param facts what the manager says about the project in `root`
 * @param root the project as the lock knows it: the project itself, or the root that serves it
 */
export function shareLock(
  { files, root: project }: ManagerQuestion,
  facts: DependencyFacts,
  { root, extras, groups }: ManagerQuestion,
  requiredVersion: string | undefined,
): DependencyFacts {
  const lock = facts.lock?.value;
  if (lock === undefined || files.read(lock) === undefined || posix.dirname(lock) === project) return facts;
  const form = facts.recipe.format ?? 'requirements';
  const at = (name: keyof typeof SLICES): string => inRoot(project, SLICES[name]);
  return {
    ...facts,
    recipe: readSlice(facts.recipe, at(form)),
    shared: {
      lock,
      slice: at(form),
      otherSlice: at(form === 'pylock' ? 'requirements' : 'pylock'),
      root,
      extras,
      groups,
      exporter: facts.recipe,
      ...(requiredVersion === undefined ? {} : { requiredVersion }),
    },
  };
}

/** No tools, no network: the slice is the list, but for the comments on top, which are no reason to install again. */
function readSlice({ hashed, format }: InstallRecipe, slice: string): InstallRecipe {
  const script = ['python', `${SCRIPTS}/requirements.py`];
  return {
    tools: [],
    files: [slice],
    commands: [
      format === 'pylock'
        ? [...script, 'capture', OUTPUT, 'grep', '-v', '^#', SLICES.pylock]
        : [...script, 'list', OUTPUT, SLICES.requirements],
    ],
    network: false,
    hashed,
    ...(format === undefined ? {} : { format }),
  };
}

/** Folders above a project, the nearest first. */
export function foldersAbove(project: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = project; folder !== '.';) folders.push((folder = posix.dirname(folder)));
  return folders;
}

/** The dependency group of a manifest that is named as a project's folder, if there is one. */
export function groupOf({ files, root }: ManagerQuestion, project: string): readonly string[] {
  const table = glanceAtPyproject(files, root)?.table;
  const names = [
    ...Object.keys(tableAt(table, 'dependency-groups')),
    ...Object.keys(tableAt(table, 'tool', 'poetry', 'group')),
    ...Object.keys(tableAt(table, 'tool', 'pdm', 'dev-dependencies')),
  ];
  const wanted = distributionName(posix.basename(project));
  const found = names.find((name) => distributionName(name) === wanted);
  return found === undefined ? [] : [found];
}
