import type { ExecutorContext } from '@nx/devkit';
import { posix } from 'node:path';
import { diskFiles, withTexts } from '../../detection/files';
import { designWithAnyCommand } from '../../pipeline/any-command';
import { exportersOf, pinnedProject } from '../../pipeline/shared-lock';
import { SETTINGS_FILE } from '../../settings/file-name';
import { renewSlice } from '../../slices/renew-slice';
import { designQuestion } from '../project';

/** What follows for the slices of a workspace from a lock that is about to be written. */
export interface SliceWork {
  readonly write: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  /** For the terminal. */
  readonly said: readonly string[];
}

/**
 * The slices of all projects that a lock governs, as that lock will be. One that somebody edited is left alone.
 *
 * @param texts what will be written: path to text
 * @throws DockerPythonError what an exporter says; then nothing is written at all
 */
export async function slicesOf(
  texts: ReadonlyMap<string, string>,
  context: ExecutorContext,
): Promise<SliceWork> {
  const files = withTexts(diskFiles(context.root), texts);
  const write = new Map<string, string>();
  const remove: string[] = [];
  const said: string[] = [];
  for (const name of Object.keys(context.projectsConfigurations.projects)) {
    const { question } = designQuestion(context, name);
    if (files.read(posix.join(question.root, SETTINGS_FILE)) === undefined) continue;
    const design = governedBy(texts, { ...question, files });
    const pinned = design && pinnedProject(design);
    if (!pinned) continue;
    const lend = exportersOf(design, pinned.shared, context.root, process.env);
    const change = await renewSlice(files, pinned, lend, 'unedited');
    if (change.write !== undefined) {
      write.set(pinned.shared.slice, change.write);
      said.push(`${name}: ${pinned.shared.slice}: ${change.reason}`);
    }
    if (change.remove !== undefined) remove.push(change.remove);
    if (change.kept) said.push(`${name}: ${change.kept.message} ${change.kept.hint}`);
  }
  return { write, remove, said };
}

/** The design of a project that one of some new locks governs. Others may be broken: they are none of our business. */
function governedBy(
  texts: ReadonlyMap<string, string>,
  question: Parameters<typeof designWithAnyCommand>[0],
): ReturnType<typeof designWithAnyCommand> | undefined {
  try {
    const design = designWithAnyCommand(question);
    const lock = design.project.shared?.lock;
    return lock !== undefined && texts.has(lock) ? design : undefined;
  } catch {
    return undefined;
  }
}
