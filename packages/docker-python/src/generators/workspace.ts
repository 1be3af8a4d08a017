import { posix } from 'node:path';
import { getProjects, glob, readNxJson, type Tree } from '@nx/devkit';
import { detectDistribution } from '../detection/distribution';
import { treeFiles } from '../detection/files';
import { KNOWN_FILES } from '../detection/managers';
import { DockerPythonError, nearestName } from '../errors';
import { SETTINGS_FILE, type DesignQuestion } from '../pipeline/design-image';
import { inferProjects } from '../pipeline/inferred-projects';
import type { PluginOptions } from '../settings/schema';
import { readPluginOptions } from '../settings/resolve';

export interface NamedRoot {
  readonly name: string;
  /** Workspace-relative, forward slashes. */
  readonly root: string;
}

/**
 * All projects of the workspace: those that Nx reads from the tree, and those that this plugin makes of
 * settings and of libraries that nothing else names, which a tree does not show.
 *
 * @param soon settings that are about to be written
 */
export function projectsOf(tree: Tree, soon: readonly string[] = []): readonly NamedRoot[] {
  const named = [...getProjects(tree)].map(([name, { root }]) => ({ name, root: posix.normalize(root) }));
  const roots = new Set(named.map(({ root }) => root));
  const paths = {
    settings: [...glob(tree, [`**/${SETTINGS_FILE}`]), ...soon],
    named: glob(tree, ['**/{project,package}.json']),
  };
  const inferred = inferProjects(treeFiles(tree), paths, pluginOptions(tree).createProjects !== false);
  return [
    ...named,
    ...inferred.flatMap(({ name, root }) => (name === undefined || roots.has(root) ? [] : [{ name, root }])),
  ];
}

/** Projects that have settings, so that their managed files are ours to keep. */
export function dockerizedProjects(tree: Tree): readonly NamedRoot[] {
  return projectsOf(tree).filter(({ root }) => tree.exists(posix.join(root, SETTINGS_FILE)));
}

/**
 * The same for work that makes no sense without any.
 *
 * @throws DockerPythonError PROJECT_UNKNOWN
 */
export function atLeastOneDockerized(tree: Tree): readonly NamedRoot[] {
  const projects = dockerizedProjects(tree);
  if (projects.length > 0) return projects;
  throw new DockerPythonError({
    code: 'PROJECT_UNKNOWN',
    message: 'No project of this workspace has an image yet.',
    hint: 'nx g docker-python:setup <project> gives it one.',
  });
}

/**
 * The project that a user means: by name, or by the folder of one that Nx does not know yet.
 *
 * @throws DockerPythonError PROJECT_UNKNOWN with the nearest name
 */
export function findProject(tree: Tree, wanted: string): NamedRoot {
  const projects = projectsOf(tree);
  const folder = posix.normalize(wanted.replaceAll('\\', '/')).replace(/^\.\/|\/$/g, '');
  const found = projects.find(({ name }) => name === wanted) ?? projects.find(({ root }) => root === folder);
  if (found) return found;
  if (!folder.startsWith('..') && !posix.isAbsolute(folder) && tree.exists(folder) && !tree.isFile(folder)) {
    // As the graph will name it once it has settings.
    const named = projectsOf(tree, [posix.join(folder, SETTINGS_FILE)]).find(({ root }) => root === folder);
    return named ?? { name: detectDistribution(treeFiles(tree), folder).value, root: folder };
  }
  const names = projects.map(({ name }) => name);
  const near = foldersNamed(tree, wanted)[0] ?? nearestName(wanted, names);
  throw new DockerPythonError({
    code: 'PROJECT_UNKNOWN',
    message: `There is no project and no folder ${JSON.stringify(wanted)} in this workspace.`,
    hint: near
      ? `Did you mean "${near}"? "nx show projects" lists all.`
      : `Give the folder of a Python project, from the root of the workspace, such as apps/api, or the name of a project: ${listed(names)}.`,
  });
}

/** Folders with Python of which somebody gave the last part alone, the shortest path first. */
function foldersNamed(tree: Tree, name: string): readonly string[] {
  if (!/^[\w.-]+$/.test(name)) return [];
  const manifests = glob(
    tree,
    KNOWN_FILES.map((file) => `**/${name}/${file}`),
  );
  const folders = manifests.map((path) => posix.dirname(path));
  return [...new Set(folders)].sort((a, b) => a.length - b.length || a.localeCompare(b));
}

/** How many projects a hint names. */
const NAMED = 10;

function listed(names: readonly string[]): string {
  if (names.length === 0)
    return 'there is none yet, and "nx g docker-python:example hello" makes one to try with';
  const more =
    names.length > NAMED ? `, and ${names.length - NAMED} more: "nx show projects" lists them` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}

/** What the pipeline needs to design the image of a project, as the tree has it. */
export function designQuestion(tree: Tree, { root }: NamedRoot): DesignQuestion {
  const { defaults, templates, createProjects = true } = pluginOptions(tree);
  return {
    files: treeFiles(tree),
    root,
    createProjects,
    otherRoots: projectsOf(tree).map((project) => project.root),
    ...(defaults ? { defaults } : {}),
    ...(templates === undefined ? {} : { templates }),
  };
}

/** The options of the plugin in nx.json. */
export function pluginOptions(tree: Tree): PluginOptions {
  const entry = readNxJson(tree)?.plugins?.find(
    (plugin) => (typeof plugin === 'string' ? plugin : plugin.plugin) === 'docker-python',
  );
  return readPluginOptions(typeof entry === 'object' ? entry.options : undefined);
}
