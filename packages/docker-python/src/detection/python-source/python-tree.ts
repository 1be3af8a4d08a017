import { joinInside, type FileSource } from '../files';
import { moduleFacts, type ModuleFacts } from './module-facts';

/** Folders in which nobody keeps the code that starts a service. Hidden folders are left out anyway. */
const OTHER_FOLDERS = new Set(
  (
    'node_modules venv env virtualenv site-packages __pycache__ test tests testing docs doc documentation migrations alembic ' +
    'examples example samples sample notebooks benchmarks benchmark build dist eggs wheels fixtures static templates assets ' +
    'locale media public vendor third_party e2e integration_tests frontend client web_client terraform helm charts k8s'
  ).split(' '),
);

/** How much Python one question may read: hostile or huge projects must not cost more than a moment. */
const MAX_PARSED_FILES = 80;
const MAX_PARSED_LENGTH = 600_000;

/** A project's files as Python sees them. Paths are project-relative. What was read once is kept. */
export interface PythonTree {
  readonly root: string;
  readonly sourceRoots: readonly string[];
  /** Names in a folder, folders with a trailing slash; folders that hold no application code are left out. */
  list(folder: string): readonly string[];
  exists(path: string): boolean;
  read(path: string): string | undefined;
  /** What a Python file says; undefined if it is absent, too long, or the budget of this question is spent. */
  facts(path: string): ModuleFacts | undefined;
  /** The file of a dotted module: `a/b.py` or `a/b/__init__.py` below one of the source roots. */
  locate(module: string): string | undefined;
  /** The dotted name under which a file is imported, and whether it is a package's `__init__`. */
  moduleOf(path: string): { readonly name: string; readonly isPackage: boolean } | undefined;
  /** Workspace-relative form of a project-relative path, for messages. */
  label(path: string): string;
}

/** Looks at the Python files below `root` (workspace-relative), importable from `sourceRoots` (project-relative). */
export function pythonTree(files: FileSource, root: string, sourceRoots: readonly string[]): PythonTree {
  const listings = new Map<string, readonly string[]>();
  const texts = new Map<string, string | undefined>();
  const parsed = new Map<string, ModuleFacts | undefined>();
  let budget = MAX_PARSED_LENGTH;

  const inside = (path: string): string | undefined => {
    const local = joinInside(path);
    return local === undefined ? undefined : joinInside(root, local);
  };
  const all = (folder: string): readonly string[] => {
    const path = inside(folder);
    if (path === undefined) return [];
    return remember(listings, path, () => files.list(path));
  };
  const tree: PythonTree = {
    root,
    sourceRoots,
    list: (folder) => all(folder).filter((name) => !name.endsWith('/') || isCodeFolder(name.slice(0, -1))),
    exists(path) {
      const local = joinInside(path);
      if (local === undefined || local === '.') return local === '.';
      const cut = local.lastIndexOf('/');
      const name = local.slice(cut + 1);
      // A folder is only asked for if its parent has it: most questions end at the root's own listing.
      if (cut !== -1 && !tree.exists(local.slice(0, cut))) return false;
      const names = all(cut === -1 ? '.' : local.slice(0, cut));
      return names.includes(name) || names.includes(`${name}/`);
    },
    read(path) {
      const place = inside(path);
      if (place === undefined || !tree.exists(path)) return undefined;
      return remember(texts, place, () => files.read(place));
    },
    facts(path) {
      return remember(parsed, path, () => {
        if (parsed.size >= MAX_PARSED_FILES) return undefined;
        const text = tree.read(path);
        if (text === undefined || text.length > budget) return undefined;
        budget -= text.length;
        return moduleFacts(text);
      });
    },
    locate(module) {
      if (!/^[^\W\d][\w]*(\.[^\W\d][\w]*)*$/u.test(module)) return undefined;
      const path = module.replaceAll('.', '/');
      for (const base of sourceRoots) {
        for (const candidate of [`${path}/__init__.py`, `${path}.py`]) {
          const full = joinInside(base, candidate);
          if (full !== undefined && tree.exists(full)) return full;
        }
      }
      return undefined;
    },
    moduleOf(path) {
      const match = /^(.*?)(\/?__init__)?\.py$/.exec(path);
      if (!match) return undefined;
      for (const base of sourceRoots) {
        if (base !== '.' && !path.startsWith(`${base}/`)) continue;
        const name = (base === '.' ? match[1]! : match[1]!.slice(base.length + 1)).replaceAll('/', '.');
        if (/^[^\W\d]\w*(\.[^\W\d]\w*)*$/u.test(name)) return { name, isPackage: match[2] !== undefined };
      }
      return undefined;
    },
    label: (path) => joinInside(root, path) ?? path,
  };
  return tree;
}

/** Whether application code may be in a folder of this name. */
export function isCodeFolder(name: string): boolean {
  return (
    !name.startsWith('.') &&
    !OTHER_FOLDERS.has(name.toLowerCase()) &&
    !/\.egg-info$|^tests?[_-]|[_-]tests?$/.test(name)
  );
}

function remember<K, V>(store: Map<K, V>, key: K, make: () => V): V {
  if (!store.has(key)) store.set(key, make());
  return store.get(key)!;
}
