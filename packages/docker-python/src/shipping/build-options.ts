import type { Attestations, BuilderFacts, LayerCache } from '../engine/types';
import { DockerPythonError } from '../errors';
import type { Settings } from '../settings/schema';
import { layerCache, type CachePlace } from './layer-cache';

/** What the settings say about a build beside its sources, as this builder can do it. */
export interface BuildOptions {
  readonly store: 'engine' | 'registry';
  readonly request: {
    readonly builder?: string;
    readonly layerCache?: LayerCache;
    readonly attestations?: Attestations;
  };
  /** What is left out, and why. */
  readonly notes: readonly string[];
}

/**
 * @param platforms what is to be built
 * @throws DockerPythonError PLATFORM_UNSUPPORTED, ATTEST_UNSUPPORTED, REGISTRY_MISSING: before the build, rather than
 *   after most of it
 */
export function buildOptions(
  settings: Pick<Settings, 'builder' | 'store' | 'cache' | 'attest' | 'registry'>,
  facts: BuilderFacts,
  platforms: readonly string[],
  place: CachePlace,
): BuildOptions {
  const { builder, store = 'engine', attest } = settings;
  if (store === 'registry' && settings.registry === undefined) throw registryMissing('"store": "registry"');
  refusePlatforms(platforms, facts);
  // One image of several parts: several platforms, or an image and its attestations.
  const holdsIndex = facts.containerdStore || (store === 'registry' && facts.driver !== 'docker');
  if (platforms.length > 1 && !holdsIndex) throw manyPlatforms(platforms);
  const attestations = attestationsOf(attest);
  if (attestations && !holdsIndex) throw attestUnsupported(attestations);
  const { cache, notes } = layerCache(settings.cache, place, facts);
  return {
    store,
    request: {
      ...(builder === undefined ? {} : { builder }),
      ...(cache === undefined ? {} : { layerCache: cache }),
      ...(attestations === undefined ? {} : { attestations }),
    },
    notes,
  };
}

/** @param what needs it */
export function registryMissing(what: string): DockerPythonError {
  return new DockerPythonError({
    code: 'REGISTRY_MISSING',
    message: `${what} needs a registry, and none is set.`,
    hint: 'Set "registry" for all projects, in "defaults" of the plugin in nx.json, or for this one in docker-python.json: "registry.example.com/acme".',
  });
}

function attestationsOf({ sbom, provenance }: NonNullable<Settings['attest']> = {}):
  Attestations | undefined {
  if ((sbom === undefined || sbom === false) && provenance === undefined) return undefined;
  return {
    ...(sbom === undefined || sbom === false ? {} : { sbom }),
    ...(provenance === undefined ? {} : { provenance }),
  };
}

/** A builder that has not been started yet does not say what it can. */
function refusePlatforms(platforms: readonly string[], { platforms: known, driver }: BuilderFacts): void {
  const missing = platforms.filter(
    (platform) =>
      !known.some((one) => one === platform || platform === `${one}/v8` || one === `${platform}/v8`),
  );
  if (known.length === 0 || missing.length === 0) return;
  throw new DockerPythonError({
    code: 'PLATFORM_UNSUPPORTED',
    message: `The builder (${driver}) cannot build for ${missing.join(', ')}. It can build for ${known.join(', ')}.`,
    hint: 'Emulation is a package of the host (qemu-user-static, binfmt-support on Debian; Docker Desktop has it). Faster is a builder with machines of each kind: "builder" in docker-python.json.',
  });
}

function manyPlatforms(platforms: readonly string[]): DockerPythonError {
  return new DockerPythonError({
    code: 'PLATFORM_UNSUPPORTED',
    message: `This engine cannot hold an image for several platforms (${platforms.join(', ')}).`,
    hint: 'Switch its containerd image store on ("features": {"containerd-snapshotter": true} in daemon.json); or send the image straight to the registry, by "store": "registry" with a "builder"; or build one platform.',
  });
}

function attestUnsupported({ sbom, provenance }: Attestations): DockerPythonError {
  const wanted = [...(sbom ? ['an SBOM'] : []), ...(provenance ? ['provenance'] : [])].join(' and ');
  return new DockerPythonError({
    code: 'ATTEST_UNSUPPORTED',
    message: `This engine cannot hold an image with ${wanted} ("attest").`,
    hint: 'Switch its containerd image store on ("features": {"containerd-snapshotter": true} in daemon.json); or send the image straight to the registry, by "store": "registry" with a "builder".',
  });
}
