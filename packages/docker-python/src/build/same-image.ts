/** What tells one image from another. */
export interface Identity {
  readonly imageId: string;
  readonly manifestDigest?: string | undefined;
}

/**
 * Whether two descriptions are of one image. Engines without containerd's store know the digest of a manifest only of
 * what was pushed or pulled; then the id has to do, which is a digest as well.
 */
export function sameImage(one: Identity, other: Identity): boolean {
  return one.manifestDigest !== undefined && other.manifestDigest !== undefined
    ? one.manifestDigest === other.manifestDigest
    : one.imageId === other.imageId;
}
