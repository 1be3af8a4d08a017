import { joinInside, type FileSource } from '../files';
import type { ModuleFacts } from './facts';
import { moduleFacts } from './module-facts';

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
const MAX_PARSED_LENGTH = 300_000;

/** A project's files. Paths are project-relative. What was read once is kept. */
export interface PythonFiles {
  readonly root: string;
  /** Names in a folder, folders with a trailing slash; folders that hold no application code are left out. */
  list(folder: string): readonly string[];
  exists(path: string): boolean;
  read(path: string): string | undefined;
  /** What a Python file says; undefined if it is absent, too long, or the budget of this question is spent. */
  facts(path: string): ModuleFacts | undefined;
  /** Workspace-relative form of a project-relative path, for messages. */
  label(path: string): string;
}

/** Opens the files below `root` (workspace-relative) for questions about their Python. Nothing is read yet. */
export function pythonFiles(files: FileSource, root: string): PythonFiles {
  const listings = new Map<string, ReadonlySet<string>>();
  const code = new Map<string, readonly string[]>();
  const texts = new Map<string, string | undefined>();
  const parsed = new Map<string, ModuleFacts | undefined>();
  let budget = MAX_PARSED_LENGTH;
  const inside = (path: string): string | undefined => {
    const local = localPath(path);
    return local === undefined || root === '.' ? local : local === '.' ? root : `${root}/${local}`;
  };
  const all = (folder: string): ReadonlySet<string> =>
    remember(listings, folder, () => {
      const path = inside(folder);
      return new Set(path === undefined ? [] : files.list(path));
    });
  const opened: PythonFiles = {
    root,
    list: (folder) =>
      remember(code, folder, () =>
        [...all(folder)].filter((name) => !name.endsWith('/') || isCodeFolder(name.slice(0, -1))),
      ),
    exists(path) {
      const local = localPath(path);
      if (local === undefined || local === '.') return local === '.';
      const cut = local.lastIndexOf('/');
      const name = local.slice(cut + 1);
      // A folder is only asked for if its parent has it: most questions end at the root's own listing.
      if (cut !== -1 && !opened.exists(local.slice(0, cut))) return false;
      const names = all(cut === -1 ? '.' : local.slice(0, cut));
      return names.has(name) || names.has(`${name}/`);
    },
    read(path) {
      const place = inside(path);
      if (place === undefined || !opened.exists(path)) return undefined;
      return remember(texts, place, () => files.read(place));
    },
    facts(path) {
      return remember(parsed, path, () => {
        if (parsed.size >= MAX_PARSED_FILES) return undefined;
        const text = opened.read(path);
        if (text === undefined || text.length > budget) return undefined;
        budget -= text.length;
        return moduleFacts(text);
      });
    },
    label: (path) => inside(path) ?? path,
  };
  return opened;
}

/** Paths that are not written in the plainest way: they have to be normalised, which costs time. */
const ODD_PATH = /\\|^\/|(^|\/)\.{0,2}(\/|$)/;

function localPath(path: string): string | undefined {
  return path === '.' || !ODD_PATH.test(path) ? path : joinInside(path);
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
