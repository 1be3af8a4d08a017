import { distributionName } from '../types';
import type { MarkerContext } from './markers';
import { stringAt, stringsAt, type Table, tableAt, valueAt } from '../toml';
import { joinInside } from '../files';
import { derivedOnce } from './parse-cache';
import { canonical, wheelNames } from './closure-edges';
import { type Edge, type Link, links, type LockedPackage, own } from './closure';

/** A uv.lock, read. The format is not documented beyond "human-readable TOML"; fields as uv 0.4 to 0.13 writes them. */
export interface UvLock {
  readonly packages: readonly UvPackage[];
  /** Dependency groups of a workspace root that is no project itself. */
  readonly groups: Readonly<Record<string, readonly Edge[]>>;
}

export interface UvPackage extends LockedPackage {
  readonly groups: Readonly<Record<string, readonly Edge[]>>;
}

/**
 * Once for all projects of a lock.
 *
 * @param root workspace-relative folder of the lock, which its paths are relative to
 */
export function parseUvLock(lock: Table, root: string): UvLock {
  return derivedOnce(lock, () => readUvLock(lock, root));
}

function readUvLock(lock: Table, root: string): UvLock {
  const packages = valueAt(lock, 'package');
  return {
    packages: (Array.isArray(packages) ? packages : []).flatMap(
      (entry: unknown) => toPackage(entry, root) ?? [],
    ),
    groups: edgeTable(tableAt(lock, 'manifest', 'dependency-groups')),
  };
}

function toPackage(entry: unknown, root: string): UvPackage | undefined {
  const name = stringAt(entry, 'name');
  if (name === undefined) return undefined;
  const version = stringAt(entry, 'version');
  const source = tableAt(entry, 'source');
  const path = ['editable', 'directory', 'virtual', 'path']
    .map((kind) => stringAt(source, kind))
    .find((at) => at !== undefined);
  const index = stringAt(source, 'registry');
  const fromIndex = index !== undefined || 'url' in source;
  return {
    name: distributionName(name),
    ...(version === undefined ? {} : { version }),
    ...(path === undefined ? {} : { local: joinInside(root, path) ?? path }),
    ...(index === undefined ? {} : { index }),
    ...(fromIndex ? { wheels: wheelNames(filesOf(entry)) } : {}),
    ...(index === undefined && path === undefined ? { origin: canonical(source) } : {}),
    hashes: filesOf(entry).flatMap((file) => stringAt(file, 'hash') ?? []),
    hashable: filesOf(entry).every((file) => stringAt(file, 'hash') !== undefined) && !('git' in source),
    dependencies: edges(valueAt(entry, 'dependencies')),
    extras: edgeTable(tableAt(entry, 'optional-dependencies')),
    groups: edgeTable(tableAt(entry, 'dev-dependencies')),
  };
}

/** The files of a package; an index that gives no hashes leaves them without. */
function filesOf(entry: unknown): readonly unknown[] {
  const wheels = valueAt(entry, 'wheels');
  const sdist = valueAt(entry, 'sdist');
  return [
    ...(Array.isArray(wheels) ? (wheels as readonly unknown[]) : []),
    ...(sdist === undefined ? [] : [sdist]),
  ];
}

function edgeTable(table: Table): Readonly<Record<string, readonly Edge[]>> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, edges(value)]));
}

function edges(value: unknown): readonly Edge[] {
  return (Array.isArray(value) ? value : []).flatMap((entry: unknown) => {
    const name = stringAt(entry, 'name');
    if (name === undefined) return [];
    const version = stringAt(entry, 'version');
    const marker = stringAt(entry, 'marker');
    return [
      {
        name: distributionName(name),
        ...(version === undefined ? {} : { version }),
        extras: stringsAt(entry, 'extra'),
        ...(marker === undefined ? {} : { marker }),
      },
    ];
  });
}

/** The package of a lock that is the project in this folder. */
export function uvSelf(lock: UvLock, project: string): UvPackage | undefined {
  return lock.packages.find((locked) => locked.local === project);
}

/** What one project of a lock needs in production, and who needs it; the project itself is left out. */
export function uvLinks(
  lock: UvLock,
  project: string,
  { extras, groups }: { readonly extras: readonly string[]; readonly groups: readonly string[] },
  context: MarkerContext = {},
): readonly Link[] {
  const self = uvSelf(lock, project);
  const roots = self
    ? [
        ...self.dependencies,
        ...extras.flatMap((extra) => own(self.extras, extra)),
        ...groups.flatMap((group) => own(self.groups, group)),
      ]
    : groups.flatMap((group) => own(lock.groups, group));
  return links(lock.packages, roots, context).filter(({ to }) => to !== self);
}
