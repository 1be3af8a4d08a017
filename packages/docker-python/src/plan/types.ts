import type { Argv, Finding, Sourced } from '../detection/types';
import type { BuildEnvironment } from './build-environment';
import type { ContextSelection } from './context';
import type { HealthTiming } from './health';
import type { Stage, StagePieces } from './stages';

export * from './stages';

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
  /** Whether the container is told where its image comes from. */
  readonly buildInfo: boolean;
}

/** Packages of the operating system, each with what asked for it. */
export interface SystemPackages {
  /** Only in the builder. */
  readonly build: readonly Sourced<string>[];
  /** In the image. */
  readonly runtime: readonly Sourced<string>[];
}

/** The pure data model of an image. Everything rendered comes from it. */
export interface ImagePlan {
  readonly python: string;
  readonly stages: readonly Stage[];
  readonly context: ContextSelection;
  readonly runtime: Runtime;
  readonly buildEnvironment: BuildEnvironment;
  readonly systemPackages: SystemPackages;
  /** How the project itself is installed, and why. */
  readonly install: Sourced<'in-place' | 'package'>;
  readonly pieces?: StagePieces;
  /** What deserves attention about the image itself. */
  readonly findings: readonly Finding[];
}
