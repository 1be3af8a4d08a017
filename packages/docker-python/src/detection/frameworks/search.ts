import type { PythonTree } from '../python-source';
import type { EntryFile, ProjectView } from './types';

/** Names that entry points usually have, the most usual first. */
export const ENTRY_STEMS = [
  'main',
  'app',
  'application',
  'asgi',
  'wsgi',
  'server',
  'api',
  '__init__',
  'run',
  'web',
  'webapp',
  'service',
  'serve',
  'factory',
  'index',
  'start',
  '__main__',
];

const MAX_DEPTH = 3;
const MAX_FOLDERS = 60;
const MAX_OTHERS = 60;
/** Files at a root that are tools or tests, never the application. */
const TOOL_STEM =
  /^(setup|conftest|noxfile|fabfile|dodo|manage|gunicorn.*|tests?|test_.*|.*_tests?|locustfile|version|_version|celeryconfig|__about__|env)$/;

/** Files with one of these stems, shallowest first; then in the order of `stems`, then by path. */
export function filesNamed(view: ProjectView, stems: readonly string[]): readonly EntryFile[] {
  const rank = new Map(stems.map((stem, i) => [stem, i]));
  const place = (file: EntryFile): number => rank.get(file.stem) ?? rank.get(moduleStem(file)) ?? Infinity;
  return view.pythonFiles
    .filter((file) => place(file) !== Infinity)
    .sort((a, b) => a.depth - b.depth || place(a) - place(b) || a.path.localeCompare(b.path));
}

/** `asgi` for `shop/asgi/__init__.py`: a package stands for a module of its name. */
export function moduleStem({ path, stem }: EntryFile): string {
  return stem === '__init__' ? (path.split('/').at(-2) ?? '') : stem;
}

/** Files with a usual name of an entry point, or the project's. */
export function entryFiles(view: ProjectView): readonly EntryFile[] {
  return filesNamed(view, [...ENTRY_STEMS, ...view.names]);
}

/** The other files near the source roots, in case the entry point has an unusual name. */
export function otherFiles(view: ProjectView): readonly EntryFile[] {
  const usual = new Set([...ENTRY_STEMS, ...view.names]);
  return view.pythonFiles
    .filter(({ stem, depth }) => depth <= 2 && !usual.has(stem))
    .sort((a, b) => a.depth - b.depth || a.path.localeCompare(b.path))
    .slice(0, MAX_OTHERS);
}

/** Names the project's package may have, for choosing among equals. */
export function belongsToProject(view: ProjectView, path: string): boolean {
  return path.split('/').some((part) => view.names.includes(part.replace(/\.py$/, '').toLowerCase()));
}

/** Python files below the source roots, breadth first, bounded. */
export function walkPythonFiles(tree: PythonTree): readonly EntryFile[] {
  const found = new Map<string, EntryFile>();
  const queue = tree.sourceRoots.map((path) => ({ path, depth: 0 }));
  const seen = new Set<string>();
  for (let next = queue.shift(); next && seen.size < MAX_FOLDERS; next = queue.shift()) {
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    const base = next.path === '.' ? '' : `${next.path}/`;
    for (const name of tree.list(next.path)) {
      if (name.endsWith('/')) {
        if (next.depth < MAX_DEPTH) queue.push({ path: base + name.slice(0, -1), depth: next.depth + 1 });
      } else if (name.endsWith('.py')) {
        const stem = name.slice(0, -3);
        const depth = stem === '__init__' ? Math.max(0, next.depth - 0.5) : next.depth;
        if (!TOOL_STEM.test(stem)) found.set(base + name, { path: base + name, depth, stem });
      }
    }
  }
  return [...found.values()];
}
