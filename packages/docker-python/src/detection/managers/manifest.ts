import { posix } from 'node:path';
import type { FileSource } from '../files';
import { stringAt, stringsAt, type Table, valueAt } from '../toml';
import type { Argv } from '../types';
import { derivedFrom } from './parse-cache';
import { dynamicDependencyFiles, inRoot, type Pyproject, readPyproject } from './pyproject';
import { OUTPUT } from './tools';
import type { ManagerQuestion } from './types';

/** The manifest that a build backend reads dependencies from, the one that counts first. */
export function ownManifest({ files, root }: ManagerQuestion): string | undefined {
  const pyproject = readPyproject(files, root);
  const table = pyproject?.table;
  const names = [
    ...(table && ('project' in table || 'build-system' in table) ? ['pyproject.toml'] : []),
    ...['setup.py', 'setup.cfg'].filter((name) => files.read(inRoot(root, name)) !== undefined),
  ];
  return names[0];
}

/**
 * `uv pip compile` of a manifest, and the files that it reads. Static `[project]` metadata is read by uv itself;
 * where it is dynamic or in setup.py, the build backend is asked, which needs the files that the metadata names.
 *
 * @param manifest project-relative, if any
 * @param more further arguments
 */
export function compileManifest(
  { files, root, extras, groups }: ManagerQuestion,
  manifest: string | undefined,
  more: Argv = [],
): { readonly command: Argv; readonly files: readonly string[] } {
  const command = [
    'uv',
    'pip',
    'compile',
    ...(manifest === undefined ? [] : [manifest]),
    ...more,
    ...(manifest === undefined ? [] : extras.flatMap((extra) => ['--extra', extra])),
    ...groups.flatMap((group) => ['--group', group]),
    '--generate-hashes',
    '--no-header',
    '--no-annotate',
    '--quiet',
    '--output-file',
    OUTPUT,
  ];
  const needsManifest = manifest !== undefined || groups.length > 0;
  return { command, files: needsManifest ? manifestFiles(files, root) : [] };
}

/** Manifests of a project and the files that their metadata is read from, as far as they exist. */
export function manifestFiles(files: FileSource, root: string): readonly string[] {
  return derivedFrom(files, `manifests of ${root}`, () => findManifests(files, root));
}

function findManifests(files: FileSource, root: string): readonly string[] {
  const pyproject = readPyproject(files, root);
  const paths = [
    ...['pyproject.toml', 'setup.cfg', 'setup.py', 'uv.toml', 'MANIFEST.in'].map((name) =>
      inRoot(root, name),
    ),
    ...(pyproject ? namedFiles(pyproject, root) : []),
    ...literals(files.read(inRoot(root, 'setup.py')) ?? '').map((name) => inRoot(root, name)),
    ...setupCfgFiles(files.read(inRoot(root, 'setup.cfg')) ?? '').map((name) => inRoot(root, name)),
    ...packages(files, root).map((name) => inRoot(root, name)),
    ...modules(files, root, pyproject).map((name) => inRoot(root, name)),
  ];
  return [...new Set(paths)].filter((path) => files.read(path) !== undefined).sort();
}

/** Readme, licence and dynamic fields' files. Source: PEP 621, PEP 639, setuptools' documentation. */
function namedFiles(pyproject: Pyproject, root: string): readonly string[] {
  const { table } = pyproject;
  const names = [
    stringAt(table, 'project', 'readme') ?? stringAt(table, 'project', 'readme', 'file'),
    stringAt(table, 'project', 'license', 'file'),
    stringAt(table, 'tool', 'hatch', 'version', 'path'),
    stringAt(table, 'tool', 'poetry', 'readme'),
    ...stringsAt(table, 'project', 'license-files'),
    ...['readme', 'version', 'description'].flatMap((field) => {
      const file = valueAt(table, 'tool', 'setuptools', 'dynamic', field, 'file');
      return Array.isArray(file) ? (file as readonly unknown[]) : [file];
    }),
  ];
  const strings = names.filter((name): name is string => typeof name === 'string');
  return [...strings.map((name) => inRoot(root, name)), ...dynamicDependencyFiles(pyproject, root)];
}

/** `file: README.md, CHANGES.md` in setup.cfg. */
function setupCfgFiles(text: string): readonly string[] {
  return [...text.matchAll(/^[^#\n]*\bfile:([^\n]*)$/gm)].flatMap(([, names]) =>
    names!.split(',').map((name) => name.trim()),
  );
}

/** String literals of a setup.py, each alone and with the ones after it as a path: what it may open. */
function literals(text: string): readonly string[] {
  const strings = [...text.matchAll(/(["'])([^"'\n\\]{1,200})\1/g)]
    .map(([, , literal]) => literal!)
    .slice(0, 2000);
  return strings.flatMap((_, at) => [1, 2, 3].map((length) => strings.slice(at, at + length).join('/')));
}

/** Packages that setup.py or setup.cfg may name: setuptools refuses even the metadata if one of them is not there. */
function packages(files: FileSource, root: string): readonly string[] {
  const words = [
    ...literals(files.read(inRoot(root, 'setup.py')) ?? ''),
    ...((files.read(inRoot(root, 'setup.cfg')) ?? '').match(/(?<![\w.-])[A-Za-z_][\w.]*(?![\w.-])/g) ?? []),
  ];
  const names = [...new Set(words)].filter((word) => /^[A-Za-z_]\w*(\.\w+)*$/.test(word)).slice(0, 2000);
  return names.flatMap((name) =>
    ['.', 'src'].map((folder) => posix.join(folder, name.replaceAll('.', '/'), '__init__.py')),
  );
}

/** Modules whose `__version__` a backend may read: the package named like the project, and those named by `attr`. */
function modules(files: FileSource, root: string, pyproject: Pyproject | undefined): readonly string[] {
  const table = pyproject?.table;
  const attribute = stringAt(table, 'tool', 'setuptools', 'dynamic', 'version', 'attr');
  const cfg = /^[ \t]*version[ \t]*=[ \t]*attr:[ \t]*([\w.]+)/m.exec(
    files.read(inRoot(root, 'setup.cfg')) ?? '',
  )?.[1];
  const names = [
    stringAt(table, 'project', 'name'),
    stringAt(table, 'tool', 'flit', 'module', 'name'),
    stringAt(table, 'tool', 'flit', 'metadata', 'module'),
    ...[attribute, cfg].flatMap((dotted) =>
      dotted ? [dotted.split('.').slice(0, -1).join('/'), dotted.split('.')[0]!] : [],
    ),
  ];
  return names
    .filter((name): name is string => name !== undefined && name !== '')
    .map((name) => name.replaceAll(/[-.]/g, '_'))
    .flatMap((name) =>
      ['.', 'src', ...packageFolders(table)].flatMap((folder) => [
        posix.join(folder, `${name}.py`),
        posix.join(folder, name, '__init__.py'),
      ]),
    );
}

/** Where setuptools is told to look for packages. */
function packageFolders(table: Table | undefined): readonly string[] {
  const root = stringAt(table, 'tool', 'setuptools', 'package-dir', '');
  const where = stringsAt(table, 'tool', 'setuptools', 'packages', 'find', 'where');
  return [...(root === undefined ? [] : [root]), ...where];
}

/** The manifests that packages of the repository may have. */
export function localManifests(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    ['pyproject.toml', 'setup.cfg', 'setup.py'].map((name) => inRoot(folder, name)),
  );
}
