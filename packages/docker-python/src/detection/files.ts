import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { Tree } from '@nx/devkit';
import { DockerPythonError } from '../errors';

/**
 * The only way to read a project. Paths are workspace-relative with forward slashes; a path that leaves the
 * workspace, by `..` or through a symbolic link, is absent like any other file that is not there.
 */
export interface FileSource {
  /** Text of a file, or undefined if there is no such file. Bytes that are not UTF-8 become U+FFFD. */
  read(path: string): string | undefined;
  /** Names of the entries of a folder, sorted, folders with a trailing slash; empty if there is no such folder. */
  list(folder: string): readonly string[];
}

/** Files larger than this are no manifests; reading them would only cost time. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Joins workspace-relative paths. Returns undefined where the result leaves the workspace. */
export function joinInside(...parts: string[]): string | undefined {
  const joined = posix.normalize(posix.join(...parts.map((part) => part.replaceAll('\\', '/'))));
  if (joined === '..' || joined.startsWith('../') || posix.isAbsolute(joined)) return undefined;
  return joined.replace(/\/$/, '') || '.';
}

/** Like {@link joinInside}, for paths that a manifest names: leaving the workspace is an error that names the manifest. */
export function resolveInside(folder: string, path: string, from: string): string {
  const inside =
    posix.isAbsolute(path.replaceAll('\\', '/')) || /^[A-Za-z]:/.test(path)
      ? undefined
      : joinInside(folder, path);
  if (inside === undefined) {
    throw new DockerPythonError({
      code: 'OUTSIDE_WORKSPACE',
      message: `${from} refers to "${path}", which is outside of the workspace.`,
      hint: 'An image is built from files of the workspace. Move the file into it and change the reference.',
    });
  }
  return inside;
}

/**
 * Files on disk below `workspaceRoot` (an absolute path). Folders are resolved once, so a source is for one
 * question and not for keeping.
 */
export function diskFiles(workspaceRoot: string): FileSource {
  const home = realpathSync(workspaceRoot);
  const folders = new Map<string, string | undefined>([['.', home]]);
  const inHome = (real: string): string | undefined =>
    real === home || real.startsWith(home + sep) ? real : undefined;
  const folder = (path: string): string | undefined => {
    if (!folders.has(path)) folders.set(path, locate(path));
    return folders.get(path);
  };
  const locate = (path: string): string | undefined => {
    const parent = folder(posix.dirname(path));
    if (parent === undefined) return undefined;
    const place = join(parent, posix.basename(path));
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    try {
      return stat.isSymbolicLink() ? inHome(realpathSync(place)) : place;
    } catch {
      return undefined; // a link to nowhere
    }
  };
  const find = (path: string): string | undefined => {
    const inside = joinInside(path);
    if (inside === undefined) return undefined;
    try {
      return inside === '.' ? home : locate(inside);
    } catch {
      return undefined; // below a file, or not to be read: absent either way
    }
  };
  return {
    read(path) {
      const real = find(path);
      if (real === undefined) return undefined;
      const stat = statSync(real);
      return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(real, 'utf8') : undefined;
    },
    list(path) {
      const real = find(path);
      if (real === undefined || !statSync(real).isDirectory()) return [];
      return readdirSync(real, { withFileTypes: true })
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .sort();
    },
  };
}

/** Files of an Nx generator's virtual tree: what a generator run before this one wrote is visible. */
export function treeFiles(tree: Tree): FileSource {
  const inside = (path: string): string | undefined => joinInside(path);
  return {
    read(path) {
      const file = inside(path);
      return file !== undefined && tree.exists(file) && tree.isFile(file)
        ? (tree.read(file, 'utf-8') ?? undefined)
        : undefined;
    },
    list(folder) {
      const dir = inside(folder);
      if (dir === undefined || !tree.exists(dir) || tree.isFile(dir)) return [];
      return tree
        .children(dir)
        .map((name) => (tree.isFile(posix.join(dir, name)) ? name : `${name}/`))
        .sort();
    },
  };
}

/** Files in memory: path to text. For tests, and for asking "what if this file were different?". */
export function memoryFiles(files: Readonly<Record<string, string>>): FileSource {
  const paths = new Map(Object.entries(files).map(([path, text]) => [joinInside(path), text]));
  return {
    read: (path) => paths.get(joinInside(path)),
    list(folder) {
      const dir = joinInside(folder);
      if (dir === undefined) return [];
      const prefix = dir === '.' ? '' : `${dir}/`;
      const names = new Set<string>();
      for (const path of paths.keys()) {
        if (path === undefined || !path.startsWith(prefix)) continue;
        const [first, ...rest] = path.slice(prefix.length).split('/');
        names.add(rest.length > 0 ? `${first}/` : first!);
      }
      return [...names].sort();
    },
  };
}

/** The same files but one: "what would be detected if this were not there?" */
export function withoutFile(files: FileSource, hidden: string): FileSource {
  const path = joinInside(hidden);
  return {
    read: (asked) => (joinInside(asked) === path ? undefined : files.read(asked)),
    list: (folder) => files.list(folder),
  };
}
