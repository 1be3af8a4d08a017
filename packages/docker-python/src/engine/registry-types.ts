import type { ImageFacts } from './types';

/** Talks to registries by the engine's own tools, with the credentials that it keeps. References are complete names. */
export interface Registries {
  /**
   * @returns the digest that a registry has under a name; undefined if it has none
   * @throws DockerPythonError the codes of REGISTRY_FAILURES, as all of these
   */
  remoteDigest(reference: string): Promise<string | undefined>;
  /** @returns the image that a registry has under a name, as an engine with containerd's store would describe it */
  remoteImage(reference: string): Promise<ImageFacts | undefined>;
  /**
   * Asks a registry for everything that an image of it consists of.
   *
   * @param source `repository@digest`
   * @param name one that it has there already; it may be set once more
   * @throws DockerPythonError REGISTRY_BLOB_MISSING
   */
  complete(source: string, name: string): Promise<void>;
  /** @returns false if the registry has no such image */
  pull(reference: string): Promise<boolean>;
  /**
   * Sends an image of the engine; what the registry has already does not travel.
   *
   * @returns the digest that was sent
   */
  push(reference: string): Promise<string>;
  /**
   * Gives an image of a registry further names, there or in other registries. Nothing goes through the engine. All of
   * the image's blobs are asked for.
   *
   * @param source `repository@digest`
   */
  retag(source: string, names: readonly string[]): Promise<void>;
}
