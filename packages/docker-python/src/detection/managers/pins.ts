import { DockerPythonError } from '../../errors';
import type { FileSource } from '../files';
import type { Argv, DependencyFacts } from '../types';
import { MANAGERS } from './index';

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
 * @throws DockerPythonError UNSUPPORTED_PROJECT for a lock that does not say how it was made
 */
export function relockRecipe(
  files: FileSource,
  facts: DependencyFacts & { readonly root: string },
  upgrade: Upgrade,
): PinRecipe | undefined {
  const { manager, shared, root } = facts;
  if (manager.value === 'pylock') throw lockOfAnyTool(manager.from);
  const question = {
    files,
    root: shared?.root ?? root,
    extras: shared?.extras ?? [],
    groups: shared?.groups ?? [],
  };
  const install = shared?.exporter ?? facts.recipe;
  return MANAGERS.find(({ name }) => name === manager.value)?.relock?.(question, install, upgrade);
}

/** A pylock.toml has no trace of the manifest behind it. Source: PEP 751, "created-by" is all that it says. */
function lockOfAnyTool(path: string): DockerPythonError {
  return new DockerPythonError({
    code: 'UNSUPPORTED_PROJECT',
    message: `${path} does not say which manifest it was made from, so it cannot be made anew here.`,
    hint: 'Run the tool that "created-by" in it names. Or write the direct requirements to requirements.in, remove the lock, and run pin-deps.',
  });
}
