import type { Argv } from './argv';
import type { ProcessResult } from './process';

/** What a container is not allowed to do. */
export interface Hardening {
  readonly readOnlyRoot: boolean;
  readonly dropCapabilities: boolean;
  readonly noNewPrivileges: boolean;
}

/** A port of the container and the one under which the machine of the engine shows it. */
export interface PublishedPort {
  readonly container: number;
  /** A free one if absent. */
  readonly host?: number;
}

/** A container to start. */
export interface RunSpec {
  readonly image: string;
  readonly name?: string;
  /** Program that is started instead of the entry point of the image. */
  readonly entrypoint?: string;
  readonly command?: Argv;
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly PublishedPort[];
  /** `uid:gid`; the image's own if absent. */
  readonly user?: string;
  readonly network?: string;
  readonly hardening?: Hardening;
  /** Absolute folders that live in memory and that everybody may write. */
  readonly tmpfs?: readonly string[];
  /** `none`: the engine does not run the health check of the image. */
  readonly healthCheck?: 'none';
  /** What `docker stop` waits for before it kills. */
  readonly stopTimeoutSeconds?: number;
  /** In the engine's words: `256m`. */
  readonly memory?: string;
  readonly cpus?: string;
}

/** A container as the engine sees it. */
export interface ContainerState {
  readonly running: boolean;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** Why the engine could not start it; empty otherwise. */
  readonly error: string;
}

/** A container that was started. */
export interface Container {
  readonly id: string;
  /** Container port to `host:port`, as it is reached from here. A container that ended at once has none. */
  readonly addresses: Readonly<Record<number, string>>;
  state(): Promise<ContainerState>;
  /** The last lines of its output, all of it without a number. */
  logs(tail?: number): Promise<string>;
  /** Shows the output as it comes, until the container ends. */
  follow(): Promise<void>;
  /** Runs a program inside; with a limit of time as processes have it. */
  exec(argv: Argv, timeoutMs?: number): Promise<ProcessResult>;
  /** Waits until it has ended by itself. */
  wait(): Promise<void>;
  /** Sends the stop signal, kills it after so many seconds. */
  stop(seconds: number): Promise<void>;
  /** Kills and removes it. Fine to call twice. */
  remove(): Promise<void>;
}

export interface ContainerSummary {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Containers of an engine. */
export interface Containers {
  run(spec: RunSpec): Promise<Container>;
  /** Containers, ended ones too, that carry a label. */
  list(label: string): Promise<readonly ContainerSummary[]>;
  /** Kills and removes. What is gone already is fine. */
  removeAll(ids: readonly string[]): Promise<void>;
}
