import { joinInside } from '../files';
import type { PythonFiles } from './python-files';

/** A project's files as Python's import system sees them. */
export interface PythonTree extends PythonFiles {
  readonly sourceRoots: readonly string[];
  /** The file of a dotted module: `a/b.py` or `a/b/__init__.py` below one of the source roots. */
  locate(module: string): string | undefined;
  /** The dotted name under which a file is imported, and whether it is a package's `__init__`. */
  moduleOf(path: string): { readonly name: string; readonly isPackage: boolean } | undefined;
}

const DOTTED = /^[^\W\d]\w*(\.[^\W\d]\w*)*$/u;

/** Looks at a project's files with these folders (project-relative) on the import path. */
export function pythonTree(files: PythonFiles, sourceRoots: readonly string[]): PythonTree {
  return {
    ...files,
    sourceRoots,
    locate(module) {
      if (!DOTTED.test(module)) return undefined;
      const path = module.replaceAll('.', '/');
      for (const base of sourceRoots) {
        for (const candidate of [`${path}/__init__.py`, `${path}.py`]) {
          const full = base === '.' ? candidate : joinInside(base, candidate);
          if (full !== undefined && files.exists(full)) return full;
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
        if (DOTTED.test(name)) return { name, isPackage: match[2] !== undefined };
      }
      return undefined;
    },
  };
}
