import type { Argv, DistributionName, InstallRecipe, ManagerName } from '../detection/types';
import type { ContextSelection } from './context';
import type { HealthTiming } from './health';
import type { PlannedProcess } from './processes';

/** The base image and the family that decides how its system packages are handled. */
export interface BaseImage {
  readonly reference: string;
  readonly family: 'debian';
}

/** A tool installed into the builder, pinned. */
export interface Installer {
  readonly name: 'uv';
  readonly version: string;
}

/** Python, runtime system packages, tini. */
export interface BaseStage {
  readonly name: 'base';
  readonly image: BaseImage;
  readonly packages: readonly string[];
}

/** Bytecode of the standard library, which slim images ship without. */
export interface StdlibStage {
  readonly name: 'stdlib';
}

/** Helper programs of the build; mounted, never copied into the image. */
export interface ScriptsStage {
  readonly name: 'scripts';
}

/** Compilers, headers and the installer. */
export interface BuilderStage {
  readonly name: 'builder';
  readonly packages: readonly string[];
  readonly installer: Installer;
}

/** The project's lock file -> one hashed requirements list. */
export interface LockStage {
  readonly name: 'lock';
  /** Workspace-relative; the commands run there. */
  readonly root: string;
  readonly manager: ManagerName;
  readonly recipe: InstallRecipe;
}

/** A virtualenv of exactly that list. */
export interface DependenciesStage {
  readonly name: 'dependencies';
  readonly requireHashes: boolean;
}

/** The project's own source tree, in place, importable, compiled. */
export interface ApplicationStage {
  readonly name: 'application';
  /** Workspace-relative folders and files that come along, at the same places below /app. */
  readonly trees: readonly string[];
  /** Where the project itself belongs in the image. */
  readonly place: string;
  /** Project-relative files that only the lock stage reads. */
  readonly leaveOut: readonly string[];
  /** Absolute folders for the path file. */
  readonly importPath: readonly string[];
  readonly distribution: DistributionName;
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
  readonly copies: readonly ('stdlib' | 'dependencies' | 'application' | 'processes')[];
}

export type Stage =
  | BaseStage
  | StdlibStage
  | ScriptsStage
  | BuilderStage
  | LockStage
  | DependenciesStage
  | ApplicationStage
  | ProcessesStage
  | RuntimeStage;

/** How the container runs. */
export interface Runtime {
  /** Numeric, `uid:gid`. */
  readonly user: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly entrypoint: Argv;
  readonly command: Argv;
  /** Absent where it is switched off. */
  readonly health?: HealthTiming;
  /** SIGTERM if absent. */
  readonly stopSignal?: string;
}

/** The pure data model of an image. Everything rendered comes from it. */
export interface ImagePlan {
  readonly python: string;
  readonly stages: readonly Stage[];
  readonly context: ContextSelection;
  readonly runtime: Runtime;
}
