import { posix } from 'node:path';
import type { FileSource } from './files';
import { projectTable } from './frameworks/manifest';
import { isCodeFolder, pythonFiles, type PythonFiles } from './python-source';
import { stringAt, stringsAt, tableAt, valueAt, type Table } from './toml';

/** Files at a root that are tools, not modules that somebody imports. */
const TOOL_FILES = new Set(['setup.py', 'conftest.py', 'noxfile.py', 'fabfile.py', 'tasks.py', 'dodo.py']);

/** Modules of which one is in nearly every application, for a look at how it imports its neighbours. */
const ENTRY_FILES = [
  'main.py',
  'app.py',
  'manage.py',
  'wsgi.py',
  'asgi.py',
  'server.py',
  '__main__.py',
  'run.py',
  'bot.py',
];

/**
 * Folders that go on the import path, project-relative, first one first.
 *
 * `src` is a layout (`src/shop/...` imported as `shop`) as often as it is a package itself (`src.main:app`): what the
 * metadata says decides, else `src/__init__.py`, else how its modules import each other. Other folders count if they
 * hold `manage.py`, or if their modules import each other without the folder's name.
 *
 * @param python the project's files as they were opened for another question, so that nothing is read twice
 */
export function detectSourceRoots(files: FileSource, root: string, python?: PythonFiles): readonly string[] {
  const tree = python ?? pythonFiles(files, root);
  const names = tree.list('.');
  const declared = declaredRoots(tree).filter((path) => path === '.' || tree.exists(path));
  const folders = names.flatMap((name) =>
    name.endsWith('/') && isCodeFolder(name.slice(0, -1)) ? [name.slice(0, -1)] : [],
  );
  const inferred = folders.filter(
    (folder) => !declared.includes(folder) && isSourceRoot(tree, folder, declared.length > 0),
  );
  const roots = [...new Set([...declared, ...inferred])].filter((path) => path !== '.');
  if (roots.length === 0) return ['.'];
  return declared.includes('.') || usesRoot(tree, roots, names) ? [...roots, '.'] : roots;
}

/** What pyproject.toml and setup.cfg say about the place of packages. */
function declaredRoots(tree: PythonFiles): readonly string[] {
  const text = tree.read('pyproject.toml') ?? '';
  const table: Table = /package|module|where|sources/.test(text) ? projectTable(tree) : {};
  const tool = tableAt(table, 'tool');
  const found = [
    stringAt(tool, 'setuptools', 'package-dir', ''),
    ...stringsAt(tool, 'setuptools', 'packages', 'find', 'where'),
    ...items(tool, 'poetry', 'packages').flatMap((entry) => stringAt(entry, 'from') ?? []),
    ...stringsAt(tool, 'hatch', 'build', 'targets', 'wheel', 'packages').flatMap((path) =>
      path.includes('/') ? posix.dirname(path) : [],
    ),
    ...stringsAt(tool, 'hatch', 'build', 'targets', 'wheel', 'sources'),
    ...stringsAt(tool, 'hatch', 'build', 'sources'),
    stringAt(tool, 'pdm', 'build', 'package-dir'),
    stringAt(tool, 'uv', 'build-backend', 'module-root'),
    setupCfgRoot(tree),
  ];
  return [
    ...new Set(
      found.flatMap((path) =>
        path === undefined || path === '' ? [] : [posix.normalize(path).replace(/\/$/, '')],
      ),
    ),
  ].filter((path) => !path.startsWith('..') && !path.startsWith('/'));
}

function items(root: unknown, ...keys: string[]): readonly unknown[] {
  const value = valueAt(root, ...keys);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function setupCfgRoot(tree: PythonFiles): string | undefined {
  const text = tree.exists('setup.cfg') ? (tree.read('setup.cfg') ?? '') : '';
  return (
    /^package_dir\s*=\s*\n?\s*=\s*(\S+)\s*$/m.exec(text)?.[1] ??
    /^\[options\.packages\.find\][^[]*?^where\s*=\s*(\S+)\s*$/m.exec(text)?.[1]
  );
}

/** Whether a folder of the root is on the import path rather than being a package. */
function isSourceRoot(tree: PythonFiles, folder: string, declared: boolean): boolean {
  const inside = tree.list(folder);
  const djangos = inside.includes('manage.py') && isDjangos(tree, `${folder}/manage.py`);
  if (inside.includes('__init__.py') && !djangos) return false;
  if (djangos && !tree.exists('manage.py')) return true;
  if (folder !== 'src') return !declared && bareImports(tree, folder, inside) === true;
  const bare = bareImports(tree, folder, inside);
  if (bare !== undefined) return bare;
  return inside.some((name) =>
    name.endsWith('/')
      ? isCodeFolder(name.slice(0, -1)) && hasPython(tree, `src/${name}`)
      : name.endsWith('.py'),
  );
}

/** Other projects have modules of this name, too. */
function isDjangos(tree: PythonFiles, path: string): boolean {
  return (tree.read(path) ?? '').includes('DJANGO_SETTINGS_MODULE');
}

/** How entry modules of a folder import its other modules: true without the folder's name, false with it. */
function bareImports(tree: PythonFiles, folder: string, inside: readonly string[]): boolean | undefined {
  const own = new Set(
    inside.flatMap((name) =>
      name.endsWith('/') ? [name.slice(0, -1)] : name.endsWith('.py') ? [name.slice(0, -3)] : [],
    ),
  );
  const outer = new Set(tree.list('.').map((name) => name.replace(/\/$|\.py$/, '')));
  const entries = [...ENTRY_FILES.map((name) => `${folder}/${name}`), ...ENTRY_FILES].filter((path) =>
    path.includes('/') ? inside.includes(path.slice(folder.length + 1)) : tree.exists(path),
  );
  let bare: boolean | undefined;
  for (const path of entries) {
    const text = tree.read(path) ?? '';
    if (!/\bimport\b/.test(text)) continue;
    for (const { level, module } of modulesOf(tree, path)) {
      const top = module.split('.')[0]!;
      if (level > 0 && path.startsWith(`${folder}/`) && module !== '') return false;
      if (level > 0) continue;
      if (top === folder && module !== folder) return false;
      if (own.has(top) && !outer.has(top)) bare = true;
    }
  }
  return bare;
}

function modulesOf(
  tree: PythonFiles,
  path: string,
): readonly { readonly level: number; readonly module: string }[] {
  const facts = tree.facts(path);
  return facts
    ? [
        ...facts.imports.values(),
        ...facts.starImports,
        ...facts.functions.flatMap((func) => [...func.imports.values()]),
      ]
    : [];
}

function hasPython(tree: PythonFiles, folder: string): boolean {
  return tree
    .list(folder)
    .some(
      (name) => name.endsWith('.py') || (name.endsWith('/') && tree.exists(`${folder}${name}__init__.py`)),
    );
}

/** Whether modules at the root itself are imported or run, too. */
function usesRoot(tree: PythonFiles, roots: readonly string[], names: readonly string[]): boolean {
  return names.some((name) =>
    name.endsWith('/')
      ? !roots.includes(name.slice(0, -1)) &&
        isCodeFolder(name.slice(0, -1)) &&
        tree.exists(`${name}__init__.py`)
      : name.endsWith('.py') && !TOOL_FILES.has(name),
  );
}
