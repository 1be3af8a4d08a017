import type { Argv } from './argv';

/** What an engine can do, asked once per run. */
export interface EngineFacts {
  readonly version: string;
  /** Of the engine itself: `linux/amd64`. */
  readonly platform: string;
  /** What the current builder can build for. */
  readonly platforms: readonly string[];
  /** buildx driver of the current builder: docker, docker-container, remote, kubernetes, cloud. */
  readonly driver: string;
  /** Whether images live in containerd's store: needed for several platforms and for attestations. */
  readonly containerdStore: boolean;
}

export interface BuildRequest {
  /** Absolute path: the build context. */
  readonly workspaceRoot: string;
  /** Absolute path; its ignore file lies beside it as `<dockerfile>.dockerignore`. */
  readonly dockerfile: string;
  readonly target: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Files that build steps may mount: id to absolute path. Their content never reaches an argument. */
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly progress: 'auto' | 'plain' | 'tty' | 'quiet';
  readonly extraArgs: readonly string[];
}

/** An image as the engine describes it. */
export interface ImageFacts {
  /** The engine's id: a config digest, or a manifest digest with the containerd store. */
  readonly imageId: string;
  /** Digest of the manifest, known only with the containerd store. */
  readonly manifestDigest?: string;
  readonly platform: string;
  /** Diff ids, base first. */
  readonly layers: readonly string[];
  /** Bytes. */
  readonly size: number;
}

/** A container to start. */
export interface RunSpec {
  readonly image: string;
  readonly command?: Argv;
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Container ports to publish on free ports of the loopback interface. */
  readonly ports?: readonly number[];
}

/** A container that was started. */
export interface Container {
  readonly id: string;
  /** Container port to `127.0.0.1:<port>` of the host. */
  readonly addresses: Readonly<Record<number, string>>;
  logs(): Promise<string>;
  /** Stops and removes it. Fine to call twice. */
  remove(): Promise<void>;
}

/** The only door to a container engine. */
export interface Engine {
  /** @throws DockerPythonError ENGINE_MISSING, ENGINE_NOT_RUNNING, ENGINE_PERMISSION, ENGINE_TOO_OLD, BUILDX_MISSING */
  probe(): Promise<EngineFacts>;
  /** @throws DockerPythonError BUILD_FAILED, or the code of a failure that is known */
  build(request: BuildRequest): Promise<void>;
  /** @returns undefined if the engine has no such image */
  inspect(reference: string): Promise<ImageFacts | undefined>;
  /** Gives an image of the engine further names. */
  tag(reference: string, names: readonly string[]): Promise<void>;
  run(spec: RunSpec): Promise<Container>;
}
