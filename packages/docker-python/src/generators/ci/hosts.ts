import type { ImageDesign } from '../../pipeline/design-image';
import type { Settings } from '../../settings/schema';
import { basesOf } from '../managed-files';

/** Hosts that images are sent to, and those that they are only pulled from. */
export interface Hosts {
  readonly registries: readonly string[];
  readonly sources: readonly string[];
}

/**
 * The registries of all projects. A login for one that images are only pulled from may be missing: nobody here knows
 * whether what is pulled from there is public.
 */
export function hostsOf(all: readonly Settings[], designs: readonly ImageDesign[]): Hosts {
  const registries = new Set([
    ...all.flatMap(({ registry }) => registry ?? []).map((registry) => registry.split('/')[0]!),
    ...all.flatMap(({ cache }) => (typeof cache === 'object' ? hostOf(cache.to) : [])),
  ]);
  const pulled = [
    ...designs.flatMap((design) => basesOf(design).map(({ reference }) => reference)),
    ...all.flatMap(({ cache }) => (typeof cache === 'object' ? (cache.from ?? []) : [])),
    ...all.flatMap(({ attest }) => (typeof attest?.sbom === 'string' ? attest.sbom : [])),
  ].flatMap(hostOf);
  const sources = new Set(pulled.filter((host) => !registries.has(host) && !WITHOUT_LOGIN.has(host)));
  return { registries: [...registries], sources: [...sources].sort() };
}

/** They let everybody in. Docker Hub as well, for what most images are built from. */
const WITHOUT_LOGIN = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'mcr.microsoft.com',
  'public.ecr.aws',
  'registry.access.redhat.com',
]);

/** The host that a reference, or a template of one, is written with. Source: how Docker completes names. */
function hostOf(reference: string | undefined): readonly string[] {
  const [host = '', ...rest] = (reference ?? '').split('/');
  return rest.length > 0 && /^([\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+|localhost)$/.test(host) ? [host] : [];
}
