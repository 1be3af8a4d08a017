import type { FileSource } from '../files';
import type { DependencyFacts, InstallRecipe, ManagerName } from '../types';
import type { Link } from './closure';
import type { MarkerContext } from './markers';
import type { PinRecipe, Upgrade } from './pins';

/** What a manager is asked about a project. */
export interface ManagerQuestion {
  readonly files: FileSource;
  /** Workspace-relative root of the project. */
  readonly root: string;
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Minor version of the image's Python, which tools run on, where that is decided; else files say what they name. */
  readonly imagePython?: string;
  /** Workspace-relative requirements lists beyond the one in charge: those for development. */
  readonly lists?: readonly string[];
}

/** One package manager: one file, one line in the ordered list of `index.ts`. */
export interface PackageManager {
  readonly name: ManagerName;
  /** What the user is told to add if this manager was set and none of it is there. */
  readonly needs: string;
  /** Whether the Python of the image decides which release of its tool reads the lock. */
  readonly followsPython?: true;
  /**
   * The lock file, or for pip the requirements list, that puts this manager in charge. Looks at names and, where a
   * name is not enough, at content. Never throws on content it cannot read.
   */
  lock(question: ManagerQuestion): string | undefined;
  /** The manifest that puts this manager in charge where no manager has a lock. Never throws either. */
  manifest(question: ManagerQuestion): string | undefined;
  /** The manifest that is enough if the user has set this manager; like `manifest`, but plainer files will do. */
  fallback?(question: ManagerQuestion): string | undefined;
  /**
   * Everything about the project's dependencies. Called only for the manager in charge.
   *
   * @param claimedBy the file that `lock` or `manifest` gave
   * @throws DockerPythonError for manifests that are broken, missing or leave the workspace
   */
  facts(question: ManagerQuestion, claimedBy: string): DependencyFacts;
  /**
   * How its tool refreshes the lock, or makes the first one. Only of managers that have a lock of their own.
   *
   * @param install how the lock is read: the same tool, and files that it wants to see
   */
  relock?(question: ManagerQuestion, install: InstallRecipe, upgrade: Upgrade): PinRecipe;
  /** What the lock pins for the project, and who needs it. Only of managers whose lock can serve several projects. */
  pinned?(question: ManagerQuestion, context: MarkerContext): readonly Link[];
  /** Where manifest and lock seem to disagree, one sentence each. Cheap, so it may be wrong: the exporter knows. */
  doubts?(question: ManagerQuestion): readonly string[];
}
