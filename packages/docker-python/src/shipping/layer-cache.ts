import type { BuilderFacts, LayerCache } from '../engine/types';
import type { Checkout } from '../reference/checkout';
import type { Environment } from '../reference/ci-systems';
import { checkoutValues, expandTemplate, type TemplateValues } from '../reference/tag-template';
import type { Settings } from '../settings/schema';
import type { CacheSetting } from '../settings/shipping';

/** Where this build happens, for templates of the cache. */
export interface CachePlace {
  readonly checkout: Checkout;
  /** `{registry}` is that of the image, or the one that a CI system keeps for caches. */
  readonly values: TemplateValues;
  /** Whether `{registry}` is one that a CI system keeps for caches, by NX_DOCKER_CACHE_REGISTRY. */
  readonly keptByCi: boolean;
}

/** @param registries of the image; the first one counts */
export function cachePlace(
  checkout: Checkout,
  image: string,
  registries: Settings['registry'],
  env: Environment,
): CachePlace {
  const ofCi = env['NX_DOCKER_CACHE_REGISTRY'] || undefined;
  const [own] = typeof registries === 'string' ? [registries] : (registries ?? []);
  const values = { ...checkoutValues(checkout), image, registry: ofCi ?? own };
  return { checkout, values, keptByCi: ofCi !== undefined };
}

/** Read from the branch and from what it came from; written by CI on branches, which may write. */
const USUAL = {
  from: ['{registry}/{image}:cache-{branch}', '{registry}/{image}:cache-{defaultBranch}'],
  to: '{registry}/{image}:cache-{branch}@ci',
} as const;

/**
 * Decides where layers are read from and written to.
 *
 * @returns no cache where nothing asks for one
 * @throws DockerPythonError INVALID_SETTINGS for a template with an unknown variable or condition
 */
export function layerCache(
  setting: CacheSetting | undefined,
  { checkout, values, keptByCi }: CachePlace,
  { driver, containerdStore }: Pick<BuilderFacts, 'driver' | 'containerdStore'>,
): { readonly cache?: LayerCache; readonly notes: readonly string[] } {
  if (setting === false || (setting === undefined && !keptByCi)) return { notes: [] };
  const chosen = typeof setting === 'object' ? setting : USUAL;
  const expand = (template: string): string | undefined => expandTemplate(template, checkout, values);
  const from = [...new Set((chosen.from ?? USUAL.from).flatMap((template) => expand(template) ?? []))];
  const reference = chosen.to === undefined ? undefined : expand(chosen.to);
  if (reference !== undefined && driver === 'docker' && !containerdStore) {
    return {
      cache: { from },
      notes: [
        'The layer cache is read but not written: the driver "docker" cannot write one to a registry without containerd\'s image store. Switch that on, or set "builder" to one of another driver.',
      ],
    };
  }
  const mode = ('mode' in chosen ? chosen.mode : undefined) ?? 'max';
  return { cache: { from, ...(reference === undefined ? {} : { to: { reference, mode } }) }, notes: [] };
}
