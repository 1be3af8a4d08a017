/** What is known about the sources of an image, for its labels. */
export interface SourceFacts {
  readonly title: string;
  readonly version?: string;
  readonly description?: string;
  readonly licenses?: string;
  /** Commit that the image was first built from. */
  readonly revision?: string;
  readonly source?: string;
  readonly base: string;
  /** Digest that the base lock pins it to; one in `base` itself is found there. */
  readonly baseDigest?: string;
}

/** Annotations of the OCI image specification, "Pre-Defined Annotation Keys". Absent facts have no label. */
export function ociLabels(facts: SourceFacts): Record<string, string> {
  const labels: Record<string, string | undefined> = {
    'org.opencontainers.image.title': facts.title,
    'org.opencontainers.image.version': facts.version,
    'org.opencontainers.image.description': facts.description,
    'org.opencontainers.image.licenses': facts.licenses,
    'org.opencontainers.image.revision': facts.revision,
    'org.opencontainers.image.source': facts.source,
    'org.opencontainers.image.base.name': facts.base,
    'org.opencontainers.image.base.digest': facts.baseDigest ?? /@(sha256:.*)$/.exec(facts.base)?.[1],
  };
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
