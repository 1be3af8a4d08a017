import type { FileSource } from '../files';
import type { DistributionName } from '../types';

/** A dependency of a Python project that lies in this workspace as a folder. */
export interface LocalReference {
  /** Workspace-relative folder. Nothing says that it exists or holds a Python project. */
  readonly path: string;
  /** Who needs it: everybody, who asks for an extra, who works on the project, or the build of its wheel. */
  readonly kind: 'production' | 'optional' | 'development' | 'build';
  /**
   * What says so: the project's metadata, which a wheel of it carries on, or a list (requirements, Pipfile, lock) that
   * counts only where the project itself is installed from it.
   */
  readonly by: 'metadata' | 'list';
  /** Absent where only a path is named. */
  readonly name?: DistributionName;
  /** The extra of this project that needs it, where `kind` is `optional`. */
  readonly extra?: string;
  /** The group of this project that needs it, where `kind` is `development` and it is in one. */
  readonly group?: string;
  /** Extras of the other project that are asked for. */
  readonly extras: readonly string[];
  /** File and entry: `tool.uv.sources in apps/api/pyproject.toml`, `apps/api/requirements.txt:4`. */
  readonly from: string;
  /** The file alone. */
  readonly file: string;
}

/** Who needs something, without what is needed. */
export type Needed = Pick<LocalReference, 'kind' | 'by' | 'extra' | 'group'>;

/** A requirement string of a manifest and who needs it. */
export interface Need extends Needed {
  readonly text: string;
  readonly from: string;
  readonly file: string;
}

/** One way in which a project names others. Broken manifests may make it throw. */
export type ReferenceReader = (files: FileSource, root: string) => readonly LocalReference[];
