import { posix } from 'node:path';
import { logger, type Tree } from '@nx/devkit';
import { DockerPythonError } from '../../errors';
import { designImage, SETTINGS_FILE } from '../../pipeline/design-image';
import { parseJson } from '../../settings/parse';
import { upgradeSettings } from '../../settings/version';
import { writeManagedFiles, type ManagedFileReport } from '../managed-files';
import { designQuestion, dockerizedProjects, type NamedRoot } from '../workspace';

/**
 * The migration of every release: settings files in the present form, managed files as this version renders them. What
 * somebody edited by hand stays, and is a step that is left to do.
 *
 * @returns what is left to do, which Nx prints at the end
 */
export default function updateProjects(tree: Tree): string[] {
  return dockerizedProjects(tree).flatMap((project) => updateProject(tree, project));
}

function updateProject(tree: Tree, project: NamedRoot): readonly string[] {
  try {
    updateSettings(tree, project.root);
    const reports = writeManagedFiles(tree, designImage(designQuestion(tree, project)), false);
    for (const { path } of reports.filter(({ outcome }) => outcome === 'changed'))
      logger.info(`${path}: rendered again`);
    return reports.flatMap((report) => leftToDo(project, report));
  } catch (error) {
    if (error instanceof DockerPythonError) return [`${project.name}: ${error.message} ${error.hint}`];
    throw error;
  }
}

/** Writes a settings file only if a step changed it: the layout is its owner's. */
function updateSettings(tree: Tree, root: string): void {
  const path = posix.join(root, SETTINGS_FILE);
  const before = parseJson(tree.read(path, 'utf-8')!, path);
  if (typeof before !== 'object' || before === null) return;
  const after = upgradeSettings(before as Record<string, unknown>);
  if (after !== before) tree.write(path, `${JSON.stringify(after, null, 2)}\n`);
}

function leftToDo({ name }: NamedRoot, { path, outcome }: ManagedFileReport): readonly string[] {
  if (outcome !== 'edited by hand, left alone' && outcome !== 'not ours, left alone') return [];
  return [
    `${path} was edited by hand and is as it was. Compare it with what "nx g docker-python:setup ${name} --overwrite --dry-run" would write, or replace it without --dry-run.`,
  ];
}
