import type { Registries } from '../engine/types';
import type { Repository, Tag } from '../reference/image-name';

/** What the registries have before a push. Digests by name; a name that is not there has none. */
export interface RepositoryState {
  readonly repository: Repository;
  /** Of the tag of the content key. */
  readonly key: string | undefined;
  /** Of the tag that says that exactly this test was passed. */
  readonly tested: string | undefined;
  readonly moving: ReadonlyMap<Tag, string | undefined>;
}

/** The tags that a push is about. */
export interface ShippedTags {
  readonly key: Tag;
  /** Absent where the project has no smoke test. */
  readonly tested: Tag | undefined;
  readonly moving: readonly Tag[];
}

/**
 * Asks all registries about all tags at once.
 *
 * @throws DockerPythonError from the registries
 */
export function readStates(
  registries: Pick<Registries, 'remoteDigest'>,
  repositories: readonly Repository[],
  { key, tested, moving }: ShippedTags,
): Promise<readonly RepositoryState[]> {
  return Promise.all(
    repositories.map(async (repository) => {
      const digestOf = (tag: Tag): Promise<string | undefined> =>
        registries.remoteDigest(`${repository}:${tag}`);
      const [ofKey, ofTest, ...ofMoving] = await Promise.all([
        digestOf(key),
        tested && digestOf(tested),
        ...moving.map(digestOf),
      ]);
      return {
        repository,
        key: ofKey,
        tested: ofTest,
        moving: new Map(moving.map((tag, at) => [tag, ofMoving[at]])),
      };
    }),
  );
}
