/** The Nx versions that are promised to work, oldest first. `@nx/devkit` has a version of its own for each. */
export const NX_VERSIONS = [
  { nx: '22.7.12', devkit: '22.7.12' },
  { nx: '23.3.2', devkit: '23.3.2' },
  { nx: '24.0.6', devkit: '24.0.0' },
] as const;

export type NxVersion = (typeof NX_VERSIONS)[number];

/** The one on which everything that does not depend on the version is tested. */
export const NEWEST: NxVersion = NX_VERSIONS[2];
