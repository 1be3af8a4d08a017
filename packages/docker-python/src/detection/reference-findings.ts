import type { FileSource } from './files';
import { type LocalReference, localReferences } from './local-references';
import type { Finding } from './types';

/** Files that make a folder a package that an installer takes. Source: PEP 517. */
const MANIFESTS = ['pyproject.toml', 'setup.py', 'setup.cfg'];

/** Whether a folder can be installed as a package. */
export function isPackage(files: FileSource, folder: string): boolean {
  const names = files.list(folder);
  return MANIFESTS.some((name) => names.includes(name));
}

/**
 * Local dependencies that come to nothing: their folder is not there, or holds no package, or belongs to no Nx
 * project, so that nobody learns of a change in it.
 *
 * @param isProject whether a folder is, or will be, in an Nx project of its own
 */
export function referenceFindings(
  files: FileSource,
  root: string,
  isProject: (folder: string) => boolean,
): readonly Finding[] {
  const byFolder = new Map<string, LocalReference>();
  for (const reference of localReferences(files, root)) {
    if (!byFolder.has(reference.path)) byFolder.set(reference.path, reference);
  }
  return [...byFolder.values()].flatMap((reference) => finding(files, root, reference, isProject) ?? []);
}

function finding(
  files: FileSource,
  root: string,
  { path, from }: LocalReference,
  isProject: (folder: string) => boolean,
): Finding | undefined {
  if (files.list(path).length === 0) {
    return {
      code: 'local-dependency-missing',
      message: `${from} refers to the folder ${path}, which does not exist or is empty.`,
      hint: 'Correct the path, or restore the folder.',
    };
  }
  if (!isPackage(files, path)) {
    return {
      code: 'local-dependency-no-package',
      message: `${from} refers to the folder ${path}, which has none of ${MANIFESTS.join(', ')}.`,
      hint: 'Add a pyproject.toml there that names the package, or correct the path.',
    };
  }
  if (isProject(path) || path.startsWith(`${root}/`)) return undefined;
  return {
    code: 'local-dependency-no-project',
    message: `${from} refers to ${path}, which is in no Nx project: a change there affects nothing else.`,
    hint: `Add a project.json to ${path}, or leave "createProjects" in nx.json at its default.`,
  };
}
