import type { Repository, Tag } from '../reference/image-name';
import type { RepositoryState, ShippedTags } from './state';

/** What a push does in one registry. */
export interface Shipment {
  readonly repository: Repository;
  /** Whether the registry has the image already, gets it from the engine, or from another registry. */
  readonly image: 'present' | 'from the engine' | 'from another registry';
  /** Tags that are set or moved. */
  readonly moves: readonly Tag[];
}

export interface PushPlan {
  /** What is shipped, where a registry has it already: the first image that was pushed for a key counts. */
  readonly digest: string | undefined;
  /** Repository that has it. */
  readonly source: Repository | undefined;
  readonly shipments: readonly Shipment[];
}

/**
 * Decides what travels where. Knows nothing of engines and files.
 *
 * @param engineHas digest under which the engine would send the image of this key, if it is there and that is known
 */
export function planPush(
  states: readonly RepositoryState[],
  { tested, moving }: ShippedTags,
  engineHas: string | undefined,
): PushPlan {
  const holder = states.find(({ key }) => key !== undefined);
  const digest = holder?.key;
  const shipments = states.map((state): Shipment => {
    const present = digest !== undefined && state.key === digest;
    return {
      repository: state.repository,
      image: present
        ? 'present'
        : digest === undefined || engineHas === digest
          ? 'from the engine'
          : 'from another registry',
      moves: [
        ...(tested !== undefined && (digest === undefined || state.tested !== digest) ? [tested] : []),
        ...moving.filter((tag) => digest === undefined || state.moving.get(tag) !== digest),
      ],
    };
  });
  return { digest, source: holder?.repository, shipments };
}

/** Whether all registries have one image already: then it makes no difference what the engine has. */
export function isEverywhere(states: readonly RepositoryState[]): boolean {
  return states.every(({ key }) => key !== undefined && key === states[0]?.key);
}

/** Whether registries know that an image has passed exactly this test. */
export function isTestedThere(states: readonly RepositoryState[], digest: string): boolean {
  return states.some(({ tested }) => tested === digest);
}
