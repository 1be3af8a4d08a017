import { posix } from 'node:path';
import type { FileSource } from './files';
import { tablesAt } from './managers/closure-edges';
import { readTomlOnce } from './managers/parse-cache';
import { uvHome } from './managers/uv-workspace';
import { stringAt, tableAt, type Table } from './toml';

/** An index of packages that a manifest gives a name. */
export interface NamedIndex {
  readonly name: string;
  readonly url: string;
}

/**
 * The named indexes of a project's manifests, whichever manager reads them. Sources: "Package indexes" of uv,
 * "Repositories" of Poetry, "Configure package indexes" of PDM, "Specifying package indexes" of Pipenv.
 */
export function namedIndexes(files: FileSource, root: string): readonly NamedIndex[] {
  const found = [...new Set([root, uvHome(files, root).root])].flatMap((folder) => {
    const read = (name: string): Table | undefined => lenient(files, posix.join(folder, name));
    const tool = tableAt(read('pyproject.toml'), 'tool');
    return [
      ...tablesAt(tableAt(tool, 'uv'), 'index'),
      ...tablesAt(read('uv.toml') ?? {}, 'index'),
      ...tablesAt(tableAt(tool, 'poetry'), 'source'),
      ...tablesAt(tableAt(tool, 'pdm'), 'source'),
      ...tablesAt(read('Pipfile') ?? {}, 'source'),
    ].flatMap((index) => {
      const [name, url] = [stringAt(index, 'name'), stringAt(index, 'url')];
      return name === undefined || url === undefined ? [] : [{ name, url }];
    });
  });
  return found.filter((index, at) => found.findIndex(({ url }) => url === index.url) === at);
}

/** What is wrong with a manifest is said by whoever reads it for its dependencies. */
function lenient(files: FileSource, path: string): Table | undefined {
  try {
    return readTomlOnce(files, path);
  } catch {
    return undefined;
  }
}
