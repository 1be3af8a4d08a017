import type { DistributionName, InstallRecipe, ManagerName } from '../detection/types';
import type { BaseImage, PinnedImage } from './bases';
import type { Hook } from './hooks';
import type { PlannedProcess } from './processes';

/** The stage of an image to work in. */
export const DEV_TARGET = 'dev';

/** What installs the dependencies. */
export type InstallerName = 'uv' | 'pip';

/** A tool installed into the builder, pinned. */
export interface Installer {
  readonly name: 'uv';
  readonly version: string;
  /** Index that has it; `${NAME}` in it is a variable of the build. */
  readonly source?: string;
}

/** The host keys that SSH accepts. */
export interface KnownHostsStage {
  readonly name: 'known-hosts';
  /** What the project adds to those that everybody trusts, in the form of `known_hosts`. */
  readonly keys: string;
}

/** A static tini, for bases whose repositories have none. */
export interface TiniStage {
  readonly name: 'tini';
  /** A Debian image. */
  readonly image: PinnedImage;
}

/** Python, runtime system packages, tini. */
export interface BaseStage {
  readonly name: 'base';
  readonly image: BaseImage;
  readonly packages: readonly string[];
  readonly hook?: Hook;
}

/** Bytecode of the standard library, which slim images ship without. */
export interface StdlibStage {
  readonly name: 'stdlib';
}

/** Helper programs of the build; mounted, never copied into the image. */
export interface ScriptsStage {
  readonly name: 'scripts';
}

/** Compilers, headers and the installer. uv is always there: it also makes virtualenvs, resolves and builds. */
export interface BuilderStage {
  readonly name: 'builder';
  readonly image: BaseImage;
  readonly packages: readonly string[];
  readonly installer: Installer;
  /** Version of pip, where that installs the dependencies. */
  readonly pip?: string;
  readonly hook?: Hook;
}

/** The project's lock file -> one hashed requirements list; `lock-dev` has the development dependencies, too. */
export interface LockStage {
  readonly name: 'lock' | 'lock-dev';
  /** Workspace-relative; the commands run there. */
  readonly root: string;
  readonly manager: ManagerName;
  readonly recipe: InstallRecipe;
  /** Pinned, hashed entries for what the exported list does not have. */
  readonly extra: readonly string[];
}

/** What the lock stage hands over: a requirements list; or a pylock.toml, and beside it what that does not have. */
export type ListForm = 'requirements' | 'pylock';

/** A virtualenv of exactly that list. */
export interface DependenciesStage {
  readonly name: 'dependencies';
  readonly installer: InstallerName;
  readonly lists: readonly ListForm[];
  readonly requireHashes: boolean;
  /** A script of the user that installs instead. */
  readonly hook?: { readonly script: Hook; readonly root: string; readonly files: readonly string[] };
}

/** A package of the repository, ready to be built. */
export interface PlannedLibrary {
  /** Workspace-relative: its folder, or the file of a built distribution. */
  readonly root: string;
  readonly distribution: DistributionName;
  readonly form: 'wheel' | 'in-place' | 'archive';
  /** Workspace-relative files that its build reads outside of its folder. */
  readonly files: readonly string[];
  /** Workspace-relative folders below its own that belong to somebody else. */
  readonly without: readonly string[];
  /** Where it lies in the image, if it stays in place. */
  readonly place: string;
  readonly importPath: readonly string[];
  /** Given to backends that would ask git. */
  readonly version?: string;
  /** Module, relative to its root, whose `__version__` is its version. */
  readonly versionFile?: string;
}

/** Packages of the repository: built as wheels and installed without their dependencies. */
export interface LibrariesStage {
  readonly name: 'libraries';
  readonly libraries: readonly PlannedLibrary[];
}

/** Every shared library of the virtualenv finds what it needs in the base of the image. */
export interface LinkageStage {
  readonly name: 'linkage';
  /** Shared library to the system package that has it, for the message. */
  readonly packages: Readonly<Record<string, string>>;
  /** Libraries that may be missing. */
  readonly optional: readonly string[];
  /** Stages whose files are looked at. */
  readonly parts: readonly ('dependencies' | 'libraries')[];
}

/** Something that is done to the project's tree before it becomes a layer. */
export type ApplicationStep =
  | { readonly kind: 'extensions'; readonly requires: readonly string[]; readonly script: boolean }
  | {
      readonly kind: 'static-files';
      readonly settings: string;
      readonly folder: string;
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'hook'; readonly script: Hook };

/** A file or folder that another target made. */
export interface PlannedArtifact {
  /** Workspace-relative. */
  readonly from: string;
  /** Absolute place in the image. */
  readonly place: string;
}

/** The project's own code: its source tree in place, or a wheel; importable, compiled. */
export interface ApplicationStage {
  readonly name: 'application';
  /** Workspace-relative folders and files that come along, at the same places below /app. */
  readonly trees: readonly string[];
  /** What belongs elsewhere in the image than in the workspace. */
  readonly artifacts: readonly PlannedArtifact[];
  /** Where the project itself belongs in the image. */
  readonly place: string;
  /** Project-relative files that only the lock stage or the build reads, and folders of libraries. */
  readonly leaveOut: readonly string[];
  /** Absolute folders for the path file. */
  readonly importPath: readonly string[];
  readonly distribution: DistributionName;
  readonly steps: readonly ApplicationStep[];
  /** Project-relative module whose `__version__` is the project's version. */
  readonly versionFile?: string;
  /** Stands for what a backend would ask git for. */
  readonly gitVersion?: { readonly version: string; readonly file?: string };
  /** Stages whose files the steps need beside the dependencies. */
  readonly needs: readonly 'libraries'[];
  /** Built as a wheel; of the tree only these absolute files and folders stay. */
  readonly packaged?: { readonly keep: readonly string[] };
}

/** A launcher for each process, the health check, folders that may be written. */
export interface ProcessesStage {
  readonly name: 'processes';
  readonly processes: readonly PlannedProcess[];
  readonly writable: readonly string[];
}

/** base + stdlib + dependencies + application, each its own layer. */
export interface RuntimeStage {
  readonly name: 'runtime';
  readonly copies: readonly LayerSource[];
}

/** What becomes a layer: the output of a stage, or the static files that the application stage sets apart. */
export type LayerSource =
  'stdlib' | 'dependencies' | 'libraries' | 'static-files' | 'application' | 'processes';

/** The builder with everything of the runtime image, development dependencies and pip. */
export interface DevStage {
  readonly name: 'dev';
  readonly installer: InstallerName;
  readonly lists: readonly ListForm[];
  readonly requireHashes: boolean;
  readonly pip: string;
  readonly copies: readonly LayerSource[];
}

export type Stage =
  | KnownHostsStage
  | TiniStage
  | BaseStage
  | StdlibStage
  | ScriptsStage
  | BuilderStage
  | LockStage
  | DependenciesStage
  | LibrariesStage
  | LinkageStage
  | ApplicationStage
  | ProcessesStage
  | RuntimeStage
  | DevStage;

/** Names of all stages, in the order in which they can stand. */
export const STAGE_NAMES = [
  'known-hosts',
  'tini',
  'base',
  'scripts',
  'stdlib',
  'builder',
  'lock',
  'dependencies',
  'libraries',
  'linkage',
  'application',
  'processes',
  'runtime',
  'lock-dev',
  'dev',
] as const satisfies readonly Stage['name'][];

/** Texts that stand for stages, where an organisation has templates of its own. */
export type StagePieces = Readonly<Partial<Record<Stage['name'], string>>>;
