import type { FileSource } from './files';
import { glanceAtPyproject } from './managers/pyproject';
import { stringAt } from './toml';

/** What a manifest says about the project itself, where it is written down. */
export interface PackageMetadata {
  readonly description?: string;
  /** An SPDX expression. */
  readonly licenses?: string;
}

/** Sources: the core metadata of PEP 621 and PEP 639, and the table of Poetry. */
export function packageMetadata(files: FileSource, root: string): PackageMetadata {
  const table = glanceAtPyproject(files, root)?.table ?? {};
  const said = (key: string): string | undefined =>
    stringAt(table, 'project', key) ?? stringAt(table, 'tool', 'poetry', key);
  const [description, licenses] = ['description', 'license'].map(said);
  return {
    ...(description ? { description: description.replaceAll(/\s+/g, ' ').trim() } : {}),
    ...(licenses ? { licenses } : {}),
  };
}
