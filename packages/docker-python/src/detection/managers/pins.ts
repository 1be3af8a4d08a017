import type { FileSource } from '../files';
import type { Argv, DependencyFacts, PythonProject } from '../types';
import { MANAGERS } from './index';
import { relockPylock } from './pylock-relock';

/** Which pins may move: all, or those of some distributions; the others stay as far as they can. */
export type Upgrade = 'all' | readonly string[];

/**
 * How pins are made anew. Commands, tools and files as in an `InstallRecipe`, but here the files may be written:
 * what stands in `outputs` afterwards is the result.
 */
export interface PinRecipe {
  /** Workspace-relative folder that the commands run in. */
  readonly root: string;
  readonly tools: readonly string[];
  /** Workspace-relative files that the commands see. */
  readonly files: readonly string[];
  readonly commands: readonly Argv[];
  /** Workspace-relative files that hold the pins. */
  readonly outputs: readonly string[];
}

/**
 * How the lock of a project is refreshed by the tool that made it; undefined where the project has pins in a list, or
 * none.
 *
 * @throws DockerPythonError UNSUPPORTED_PROJECT, PINS_WITHOUT_SOURCE for a pylock.toml of another tool, or alone
 */
export function relockRecipe(
  files: FileSource,
  facts: DependencyFacts & Pick<PythonProject, 'root' | 'python'>,
  upgrade: Upgrade,
): PinRecipe | undefined {
  const { manager, shared, root, python } = facts;
  if (manager.value === 'pylock')
    return relockPylock({ files, root, lock: manager.from, python: python.value, upgrade });
  const question = {
    files,
    root: shared?.root ?? root,
    extras: shared?.extras ?? [],
    groups: shared?.groups ?? [],
    imagePython: python.value,
  };
  const install = shared?.exporter ?? facts.recipe;
  return MANAGERS.find(({ name }) => name === manager.value)?.relock?.(question, install, upgrade);
}
