import type { Containers } from './container-types';
import type { Registries } from './registry-types';

export type * from './container-types';
export type * from './registry-types';

/** What an engine can do, asked once per run. */
export interface EngineFacts extends BuilderFacts {
  readonly version: string;
}

/** What a builder can do. */
export interface BuilderFacts {
  /** Of the engine itself, or the first of a builder that is one of no engine: `linux/amd64`. */
  readonly platform: string;
  /** What the current builder can build for. */
  readonly platforms: readonly string[];
  /** buildx driver of the current builder: docker, docker-container, remote, kubernetes, cloud. */
  readonly driver: string;
  /** Whether images live in containerd's store: needed for several platforms and for attestations. */
  readonly containerdStore: boolean;
}

/** What build steps get beside the sources. No value of it reaches an argument. */
export interface BuildInputs {
  /** Files that build steps may mount: id to absolute path. */
  readonly secretFiles: Readonly<Record<string, string>>;
  /** Variables that build steps may mount: id to the name of the variable. */
  readonly secretVariables: Readonly<Record<string, string>>;
  /** Build arguments whose values stand in the environment. */
  readonly argumentVariables: readonly string[];
  /** Build arguments that the client would give by itself, and that are to be empty. */
  readonly emptyArguments: readonly string[];
  /** Added to the environment of the client, which takes the values from there. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether steps may use the SSH agent. */
  readonly ssh: boolean;
}

/** A build that gets nothing but sources. */
export const NO_INPUTS: BuildInputs = {
  secretFiles: {},
  secretVariables: {},
  argumentVariables: [],
  emptyArguments: [],
  env: {},
  ssh: false,
};

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
  readonly inputs: BuildInputs;
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly progress: 'auto' | 'plain' | 'tty' | 'quiet';
  readonly extraArgs: readonly string[];
  /** Where the result goes instead of into the engine: straight to the registry of its tags, or its files to a folder (absolute). */
  readonly output?: 'registry' | { readonly folder: string };
  /** Name of a buildx builder; the current one if absent. */
  readonly builder?: string;
  readonly layerCache?: LayerCache;
  readonly attestations?: Attestations;
}

/** Layers of builds that a registry keeps. */
export interface LayerCache {
  /** References that may be absent. */
  readonly from: readonly string[];
  readonly to?: { readonly reference: string; readonly mode: 'max' | 'min' };
}

export interface Attestations {
  /** Or the image that makes it. */
  readonly sbom?: boolean | string | undefined;
  readonly provenance?: 'min' | 'max' | undefined;
}

/** An image as the engine describes it. */
export interface ImageFacts {
  /** The engine's id: a config digest, or a manifest digest with the containerd store. */
  readonly imageId: string;
  /** Digest of the manifest; without the containerd store known only of what was pulled or pushed. */
  readonly manifestDigest?: string;
  readonly platform: string;
  /** Diff ids, base first. */
  readonly layers: readonly string[];
  /** Bytes. */
  readonly size: number;
}

/** How an image says that it is run. Source: the OCI image specification, "Image Configuration". */
export interface ImageConfig {
  /** As written: `10001:0`, a name, or nothing, which means root. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly stopSignal: string;
  readonly healthCheck: readonly string[];
  /** How long the engine waits for one check, in milliseconds. */
  readonly healthTimeoutMs: number;
}

/** The only door to a container engine. */
export interface Engine extends Containers, Registries {
  /** @throws DockerPythonError ENGINE_MISSING, ENGINE_NOT_RUNNING, ENGINE_PERMISSION, ENGINE_TOO_OLD, BUILDX_MISSING */
  probe(builder?: string): Promise<EngineFacts>;
  /**
   * Asks a builder that needs no engine on this machine.
   *
   * @throws DockerPythonError BUILDER_MISSING, or as probe does
   */
  probeBuilder(builder: string): Promise<BuilderFacts>;
  /** @throws DockerPythonError BUILD_FAILED, or the code of a failure that is known */
  build(request: BuildRequest): Promise<void>;
  /** @returns undefined if the engine has no such image */
  inspect(reference: string): Promise<ImageFacts | undefined>;
  /** Those of these names that it has, with one question where it has none or all of them. */
  held(names: readonly string[]): Promise<ReadonlyMap<string, ImageFacts>>;
  /** Gives an image of the engine further names. */
  tag(reference: string, names: readonly string[]): Promise<void>;
  /** @returns undefined if the engine has no such image */
  config(reference: string): Promise<ImageConfig | undefined>;
}
