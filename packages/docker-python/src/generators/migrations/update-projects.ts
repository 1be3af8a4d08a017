import { posix } from 'node:path';
import { glob, logger, type Tree } from '@nx/devkit';
import { treeFiles } from '../../detection/files';
import { DockerPythonError } from '../../errors';
import { designImage, SETTINGS_FILE, type ImageDesign } from '../../pipeline/design-image';
import { pinnedProject } from '../../pipeline/shared-lock';
import { GITLAB } from '../../render/ci/gitlab';
import { STEPS } from '../../render/ci/types';
import { generatorOf } from '../../render/managed';
import { parseJson } from '../../settings/parse';
import { upgradeSettings } from '../../settings/version';
import { sliceState } from '../../slices/freshness';
import { writeManagedFiles, type ManagedFileReport } from '../managed-files';
import { designQuestion, dockerizedProjects, type NamedRoot } from '../workspace';

/**
 * The migration of every release: settings files in the present form, managed files as this version renders them. What
 * somebody edited by hand stays, and is a step that is left to do.
 *
 * @returns what is left to do, which Nx prints at the end
 */
export default function updateProjects(tree: Tree): string[] {
  return [...dockerizedProjects(tree).flatMap((project) => updateProject(tree, project)), ...generated(tree)];
}

function updateProject(tree: Tree, project: NamedRoot): readonly string[] {
  try {
    updateSettings(tree, project.root);
    const design = designImage(designQuestion(tree, project));
    const reports = writeManagedFiles(tree, design, false);
    for (const { path } of reports.filter(({ outcome }) => outcome === 'changed'))
      logger.info(`${path}: rendered again`);
    return [...reports.flatMap((report) => leftToDo(project, report)), ...staleSlice(tree, design)];
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
    `${path} was edited by hand and is as it was. To see what this version writes: commit, run "nx g docker-python:setup ${name} --overwrite", then "git diff"; "git restore ${path}" takes it back.`,
  ];
}

/** An exporter may be a container, which no migration starts. */
function staleSlice(tree: Tree, design: ImageDesign): readonly string[] {
  const pinned = pinnedProject(design);
  const state = pinned && sliceState(treeFiles(tree), pinned);
  return state?.kind === 'stale'
    ? [`${pinned!.shared.slice} is not what its lock says: ${state.reason}. Run "nx sync".`]
    : [];
}

/** Where the generators `ci` and `compose` write, but for a compose file that is named like no other. */
const GENERATED = [
  STEPS,
  '.github/workflows/*.yml',
  GITLAB.part,
  '.circleci/*.yml',
  '**/*compose*.{yml,yaml}',
];

/** Files that only their own generator renders, with the options that their first line has. */
function generated(tree: Tree): readonly string[] {
  const files = new Map<string, readonly string[]>();
  for (const path of glob(tree, GENERATED)) {
    const command = generatorOf(tree.read(path, 'utf-8')!);
    if (command !== undefined) files.set(command, [...(files.get(command) ?? []), path]);
  }
  return [...files].map(
    ([command, paths]) =>
      `${paths.join(', ')}: run "${command}", which changes what this version writes differently.`,
  );
}
