import { joinInside } from '../files';
import { stringAt, stringsAt, type Table, valueAt } from '../toml';
import type { Edge, LockedPackage } from './closure';
import { canonical, hashesOf, identity, tablesAt, toEdges, wheelNames } from './closure-edges';

interface Draft extends LockedPackage {
  readonly dependencies: Edge[];
  readonly extras: Record<string, Edge[]>;
}

/** A pdm.lock. Source: PDM's documentation, "Lock file"; a package with extras is an entry of its own there. */
export function parsePdmLock(lock: Table, root: string): readonly LockedPackage[] {
  const packages = new Map<string, Draft>();
  for (const entry of tablesAt(lock, 'package')) {
    const named = identity(entry);
    if (!named) continue;
    const key = `${named.name} ${named.version}`;
    const known = packages.get(key) ?? { ...named, ...origin(entry, root), dependencies: [], extras: {} };
    packages.set(key, known);
    const edges = toEdges(stringsAt(entry, 'dependencies'));
    const extras = stringsAt(entry, 'extras');
    if (extras.length === 0) known.dependencies.push(...edges);
    for (const extra of extras) {
      // An extra may be called `constructor`, which every object has.
      const before = Object.hasOwn(known.extras, extra) ? known.extras[extra]! : [];
      if (extra !== '__proto__') known.extras[extra] = [...before, ...edges];
    }
  }
  return [...packages.values()];
}

function origin(
  entry: Table,
  root: string,
): Omit<LockedPackage, 'name' | 'version' | 'dependencies' | 'extras'> {
  const path = stringAt(entry, 'path');
  const files = valueAt(entry, 'files');
  const fromIndex = path === undefined && stringAt(entry, 'git') === undefined;
  const places = ['git', 'revision', 'ref', 'subdirectory', 'url'].flatMap((key) => {
    const value = stringAt(entry, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...(path === undefined ? {} : { local: joinInside(root, path) ?? path }),
    ...(fromIndex ? { wheels: wheelNames(Array.isArray(files) ? files : []) } : {}),
    ...(places.length === 0 ? {} : { origin: canonical(Object.fromEntries(places)) }),
    hashes: hashesOf(files),
    hashable: stringAt(entry, 'git') === undefined,
  };
}
