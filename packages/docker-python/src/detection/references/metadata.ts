import { type FileSource, joinInside } from '../files';
import { glanceAtPyproject, inRoot } from '../managers/pyproject';
import { parsePep508 } from '../managers/pep508';
import { isDirectReference } from '../managers/requirement-location';
import { stringAt, type Table, tableAt, valueAt } from '../toml';
import { type DistributionName, distributionName } from '../types';
import { needsOf } from './needs';
import { folderAt, placeOf } from './place';
import type { LocalReference, Needed } from './types';
import { uvMembers } from './uv-members';

/** What the requirement strings of a project's manifests name: direct references, sources of uv, workspace members. */
export function metadataReferences(files: FileSource, root: string): readonly LocalReference[] {
  const find = uvFinder(files, root);
  return needsOf(files, root).flatMap((need) => {
    const { text, from: said, file, ...needed } = need;
    // PDM writes `-e file:///...#egg=name`, without a name before it.
    if (isDirectReference(text, false)) {
      const place = placeOf(files, text, [root], said);
      return place ? [{ ...place, ...needed, from: said, file }] : [];
    }
    const requirement = parsePep508(text);
    if (!requirement) return [];
    const { name, extras, url } = requirement;
    const found: readonly Found[] =
      url === undefined ? find(name, need) : [{ path: folderAt(files, url, [root], said), from: said, file }];
    return found.flatMap(({ path, ...by }) =>
      path === undefined ? [] : [{ path, name, ...needed, extras, ...by }],
    );
  });
}

interface Found {
  readonly path: string | undefined;
  readonly from: string;
  readonly file: string;
}

/** Where uv finds a requirement in the workspace, if there. Source: uv's documentation, "Dependency sources". */
function uvFinder(
  files: FileSource,
  root: string,
): (name: DistributionName, needed: Needed) => readonly Found[] {
  const workspace = uvMembers(files, root);
  const own = glanceAtPyproject(files, root)?.table;
  const holders = [
    ...(own ? [sourcesOf(own, root)] : []),
    // What the root of the workspace says holds for all members, paths relative to the root.
    ...(workspace && workspace.home !== root ? [sourcesOf(workspace.table, workspace.home)] : []),
  ];
  return (name, needed) => {
    const member = workspace?.byName.get(name);
    const holder = holders.find(({ sources }) => sources.has(name));
    // uv wants a member to be named as one, and says so itself; what is meant is plain.
    const manifest = inRoot(root, 'pyproject.toml');
    if (!holder) {
      return member === undefined ? [] : [{ path: member, from: `${name} in ${manifest}`, file: manifest }];
    }
    const file = inRoot(holder.folder, 'pyproject.toml');
    const from = `tool.uv.sources.${name} in ${file}`;
    return holder.sources
      .get(name)!
      .filter((source) => applies(source, needed))
      .map((source) => {
        if (valueAt(source, 'workspace') === true) return { path: member, from, file };
        const path = stringAt(source, 'path');
        const folder = path === undefined ? undefined : folderAt(files, path, [holder.folder], from);
        return { path: folder, from, file };
      });
  };
}

/** A source may be for one extra or one group only. */
function applies(source: Table, { extra, group }: Needed): boolean {
  const only = { extra: stringAt(source, 'extra'), group: stringAt(source, 'group') };
  return (
    (only.extra === undefined || only.extra === extra) && (only.group === undefined || only.group === group)
  );
}

function sourcesOf(
  table: Table,
  folder: string,
): { readonly folder: string; readonly sources: ReadonlyMap<string, readonly Table[]> } {
  const entries = Object.entries(tableAt(table, 'tool', 'uv', 'sources')).map(
    ([name, value]) =>
      [
        distributionName(name),
        (Array.isArray(value) ? value : [value]).map((entry: unknown) => tableAt({ entry }, 'entry')),
      ] as const,
  );
  return { folder: joinInside(folder) ?? folder, sources: new Map(entries) };
}
