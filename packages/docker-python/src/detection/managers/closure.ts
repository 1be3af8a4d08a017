import { resolveInside } from '../files';
import type { DistributionName, LocalPackage, Requirement } from '../types';
import { type MarkerContext, markerTruth } from './markers';
import { derivedOnce } from './parse-cache';

/** A package of a lock file, in the form that all locks have in common. */
export interface LockedPackage {
  readonly name: DistributionName;
  readonly version?: string;
  /** File names of its wheels; see {@link Requirement.wheels}. */
  readonly wheels?: readonly string[];
  /** Hashes of its files, as the lock has them. */
  readonly hashes?: readonly string[];
  /** The index that it was locked from. */
  readonly index?: string;
  /** Where it comes from if not from an index, in canonical form: repository and commit, URL. */
  readonly origin?: string;
  /** Workspace-relative, for a package of this repository. */
  readonly local?: string;
  /** Whether the list can carry a hash of it: not what comes from a repository. */
  readonly hashable: boolean;
  readonly dependencies: readonly Edge[];
  /** What an extra of it adds. */
  readonly extras: Readonly<Record<string, readonly Edge[]>>;
}

/** "Needs that one." */
export interface Edge {
  readonly name: DistributionName;
  /** Which one of several versions of the same name, where the lock says so. */
  readonly version?: string;
  readonly extras: readonly string[];
  readonly marker?: string;
}

/** One reason why a package is installed: somebody needs it, perhaps only under a condition. */
export interface Link {
  /** Undefined for what the project itself asks for. */
  readonly by: LockedPackage | undefined;
  readonly to: LockedPackage;
  /** A marker that what is known does not decide; absent where it always holds. */
  readonly condition?: string;
}

/** What is reached from the given needs, in the order in which it is reached; each package once. */
export function closure(
  packages: readonly LockedPackage[],
  roots: readonly Edge[],
  context: MarkerContext = {},
): readonly LockedPackage[] {
  return [...new Set(links(packages, roots, context).map(({ to }) => to))];
}

/** Every need that may hold, followed from the given ones, and the package that it leads to. */
export function links(
  packages: readonly LockedPackage[],
  roots: readonly Edge[],
  context: MarkerContext = {},
): readonly Link[] {
  const byName = derivedOnce(packages, () => namesOf(packages));
  const followed: Link[] = [];
  const seen = new Set<string>();
  const pending: { readonly by: LockedPackage | undefined; readonly edge: Edge }[] = [];
  const follow = (by: LockedPackage | undefined, edges: readonly Edge[]): void => {
    for (const edge of edges) pending.push({ by, edge });
  };
  follow(undefined, roots);
  for (let next = pending.shift(); next; next = pending.shift()) {
    const { by, edge } = next;
    const { name, version, extras, marker } = edge;
    const truth = markerTruth(marker, context);
    if (truth === false) continue;
    for (const locked of byName.get(name) ?? []) {
      if (version !== undefined && locked.version !== undefined && version !== locked.version) continue;
      const wanted = ['', ...extras].filter((extra) => !seen.has(`${name} ${locked.version} ${extra}`));
      for (const extra of wanted) {
        seen.add(`${name} ${locked.version} ${extra}`);
        follow(locked, extra === '' ? locked.dependencies : own(locked.extras, extra));
      }
      followed.push({ by, to: locked, ...(truth === undefined ? { condition: marker! } : {}) });
    }
  }
  return followed;
}

function namesOf(packages: readonly LockedPackage[]): ReadonlyMap<string, readonly LockedPackage[]> {
  const byName = new Map<string, LockedPackage[]>();
  for (const locked of packages) {
    const same = byName.get(locked.name);
    if (same) same.push(locked);
    else byName.set(locked.name, [locked]);
  }
  return byName;
}

/** An entry of a table whose keys come from a file: `constructor` is not one unless it was written. */
export function own<T>(table: Readonly<Record<string, readonly T[]>>, key: string): readonly T[] {
  return Object.hasOwn(table, key) ? table[key]! : [];
}

/** Locked packages as facts, without those of this repository. */
export function toLockedRequirements(packages: readonly LockedPackage[]): readonly Requirement[] {
  return packages
    .filter(({ local }) => local === undefined)
    .map(({ name, version, wheels }) => ({
      name,
      ...(version === undefined ? {} : { version }),
      ...(wheels === undefined ? {} : { wheels }),
    }));
}

/**
 * The packages of this repository among some locked ones, without the project itself.
 *
 * @throws DockerPythonError OUTSIDE_WORKSPACE
 */
export function toLocalPackages(
  packages: readonly LockedPackage[],
  project: string,
  lock: string,
): readonly LocalPackage[] {
  return packages
    .flatMap(({ local }) =>
      local === undefined || local === project ? [] : [resolveInside('.', local, lock)],
    )
    .map((path) => ({ path, from: lock }));
}

/** Whether the installer can insist on hashes: packages of this repository are not in the list. */
export function allHashable(packages: readonly LockedPackage[]): boolean {
  return packages.every(({ hashable, local }) => hashable || local !== undefined);
}
