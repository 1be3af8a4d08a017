import { createHash } from 'node:crypto';
import { tag, type Tag } from './image-name';

/** One file of the context as it reaches the engine. */
export interface ContextFile {
  /** Workspace-relative, forward slashes. */
  readonly path: string;
  /** Hex digest of the bytes, any algorithm as long as it is always the same one. */
  readonly digest: string;
  readonly executable: boolean;
}

/**
 * Everything that determines an image. Tags do not: they name an image, they do not make one; nor do labels that say
 * which commit it is from.
 */
export interface KeyMaterial {
  readonly dockerfile: string;
  readonly dockerignore: string;
  readonly files: readonly ContextFile[];
  readonly target: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly extraBuildArgs: readonly string[];
  readonly platforms: readonly string[];
  /** Those that the settings give, and no others. */
  readonly labels?: Readonly<Record<string, string>>;
}

export type ContentKey = string & { readonly __brand: 'ContentKey' };

/** Raised when the same material has to give another image: a change of what the executor itself does. */
const FORMAT = 1;

/**
 * The content key: 40 hex digits of a SHA-256 over the material in canonical order, so that the same sources
 * give the same key on every machine.
 */
export function contentKey(material: KeyMaterial): ContentKey {
  const labels = sortedEntries(material.labels ?? {});
  const canonical = [
    FORMAT,
    material.dockerfile,
    material.dockerignore,
    [...material.files]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, digest, executable }) => [path, digest, executable]),
    material.target,
    sortedEntries(material.buildArgs),
    material.extraBuildArgs,
    [...material.platforms].sort(),
    // Nothing where there are none: keys are older than labels in them.
    ...(labels.length === 0 ? [] : [labels]),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 40) as ContentKey;
}

/**
 * The tag that says "this image has passed exactly this test": `st-<digest>`.
 *
 * @param material what the test reads beside the image
 */
export function testTag(key: ContentKey, material: readonly (readonly [name: string, value: string])[]): Tag {
  const canonical = JSON.stringify([key, [...material].sort(([a], [b]) => (a < b ? -1 : 1))]);
  return tag(`st-${createHash('sha256').update(canonical).digest('hex').slice(0, 40)}`);
}

/** The tag that says "this image was made from exactly this": `ck-<key>`. */
export function keyTag(key: ContentKey): Tag {
  return tag(`ck-${key}`);
}

function sortedEntries(record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
