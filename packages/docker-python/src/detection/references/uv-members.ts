import { type FileSource, joinInside } from '../files';
import { derivedOnce } from '../managers/parse-cache';
import { glanceAtPyproject } from '../managers/pyproject';
import { matchesGlob, uvHome } from '../managers/uv-workspace';
import { stringAt, stringsAt, type Table, tableAt } from '../toml';
import { type DistributionName, distributionName } from '../types';

/** Folders that no package lies in, however wide the pattern is. */
const SKIPPED = /^(?:\..*|node_modules|__pycache__|venv|dist|build)$/;

/** A uv workspace as one of its members sees it. */
export interface UvMembers {
  /** Workspace-relative folder of its root. */
  readonly home: string;
  readonly table: Table;
  readonly byName: ReadonlyMap<DistributionName, string>;
}

/** The uv workspace that a project is the root or a member of. Source: uv's documentation, "Using workspaces". */
export function uvMembers(files: FileSource, root: string): UvMembers | undefined {
  const home = uvHome(files, root).root;
  const table = glanceAtPyproject(files, home)?.table;
  if (!table || typeof tableAt(table, 'tool', 'uv')['workspace'] !== 'object') return undefined;
  return { home, table, byName: derivedOnce(table, () => membersOf(files, home, table)) };
}

function membersOf(files: FileSource, home: string, table: Table): ReadonlyMap<DistributionName, string> {
  const workspace = tableAt(table, 'tool', 'uv', 'workspace');
  const excluded = stringsAt(workspace, 'exclude');
  const folders = stringsAt(workspace, 'members').flatMap((glob) =>
    matchingFolders(files, home, (joinInside(glob) ?? '').split('/')),
  );
  const members = new Map<DistributionName, string>();
  for (const folder of [home, ...folders]) {
    const place = home === '.' ? folder : folder.slice(home.length + 1);
    if (folder !== home && excluded.some((glob) => matchesGlob(place, glob))) continue;
    const name = stringAt(glanceAtPyproject(files, folder)?.table, 'project', 'name');
    if (name !== undefined && !members.has(distributionName(name)))
      members.set(distributionName(name), folder);
  }
  return members;
}

/** Folders that a glob means; like {@link matchesGlob}, but it finds them. */
function matchingFolders(files: FileSource, folder: string, pattern: readonly string[]): readonly string[] {
  const [segment, ...rest] = pattern;
  if (segment === undefined) return [folder];
  if (!/[*?[]/.test(segment)) {
    const inside = joinInside(folder, segment);
    return inside === undefined ? [] : matchingFolders(files, inside, rest);
  }
  const inner = files
    .list(folder)
    .filter((entry) => entry.endsWith('/') && !SKIPPED.test(entry.slice(0, -1)))
    .map((entry) => entry.slice(0, -1));
  const at = (name: string): string => (folder === '.' ? name : `${folder}/${name}`);
  if (segment !== '**') {
    return inner
      .filter((name) => matchesGlob(name, segment))
      .flatMap((name) => matchingFolders(files, at(name), rest));
  }
  return [
    ...matchingFolders(files, folder, rest),
    ...inner.flatMap((name) => matchingFolders(files, at(name), pattern)),
  ];
}
