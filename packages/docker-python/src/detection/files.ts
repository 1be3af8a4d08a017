import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { posix, sep } from 'node:path';
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
  /**
   * What was worked out from these files, by its name. Only where they stay as they are for as long as the source
   * lives: the tree of a generator has none.
   */
  readonly derived?: Map<string, unknown>;
}

/** Files larger than this are no manifests; reading them would only cost time. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Joins workspace-relative paths. Returns undefined where the result leaves the workspace. */
export function joinInside(...parts: string[]): string | undefined {
  const path = parts.length === 1 ? parts[0]! : parts.join('/');
  if (isNormal(path)) return path;
  const joined = posix.normalize(posix.join(...parts.map((part) => part.replaceAll('\\', '/'))));
  if (joined === '..' || joined.startsWith('../') || posix.isAbsolute(joined)) return undefined;
  return joined.replace(/\/$/, '') || '.';
}

/** Nearly all paths are: then there is nothing to join, and a graph of a thousand projects asks for many. */
function isNormal(path: string): boolean {
  return (
    path !== '' &&
    !path.startsWith('/') &&
    !path.endsWith('/') &&
    !path.endsWith('.') &&
    !path.includes('./') &&
    !path.includes('//') &&
    !path.includes('\\')
  );
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
 * Files on disk below `workspaceRoot` (an absolute path), as they were when each was first asked for: a file is read
 * once and a folder listed once. A source is for one question and not for keeping.
 */
export function diskFiles(workspaceRoot: string): FileSource {
  const home = realpathSync(workspaceRoot);
  const folders = new Map<string, Folder | undefined>([['.', folderAt(home)]]);

  const folder = (path: string): Folder | undefined => {
    if (!folders.has(path)) {
      const real = locate(path);
      folders.set(path, real === undefined ? undefined : folderAt(real));
    }
    return folders.get(path);
  };
  /** The real path of something inside of the workspace. */
  const locate = (path: string): string | undefined => {
    const [parent, entry] = find(path);
    if (parent === undefined || entry === undefined) return undefined;
    const place = `${parent.real}${sep}${entry.name}`;
    return entry.isSymbolicLink() ? linkTarget(place, home) : place;
  };
  const find = (path: string): readonly [Folder | undefined, Dirent | undefined] => {
    const [above, name] = split(path);
    const parent = folder(above);
    return [parent, parent?.entries.get(name)];
  };
  /** Most questions are about a file that is not in a folder that is known; then there is nothing to join. */
  const isAbsent = (path: string): boolean => {
    const [above, name] = split(path);
    const parent = folders.get(above);
    return parent !== undefined && isName(name) && !parent.entries.has(name);
  };
  /** The same for a file. Opening a pipe would wait for whoever writes into it. */
  const fileAt = (path: string): string | undefined => {
    const [parent, entry] = find(path);
    if (entry?.isFile()) return `${parent!.real}${sep}${entry.name}`;
    const real = entry?.isSymbolicLink() ? locate(path) : undefined;
    return real !== undefined && statSync(real).isFile() ? real : undefined;
  };
  const texts = new Map<string, string | undefined>();
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  return {
    read(path) {
      if (texts.has(path)) return texts.get(path);
      if (isAbsent(path)) return undefined;
      const inside = joinInside(path);
      if (inside === undefined || inside === '.') return undefined;
      const real = fileAt(inside);
      if (real === undefined) return undefined;
      const text = readText(real, block);
      texts.set(inside, text);
      return text;
    },
    list(path) {
      const known = folders.get(path);
      if (known !== undefined) return known.names();
      const inside = joinInside(path);
      const found = inside === undefined ? undefined : folder(inside);
      return found?.names() ?? [];
    },
    derived: new Map(),
  };
}

/** The folder of a path, and the name in it. */
function split(path: string): readonly [string, string] {
  const cut = path.lastIndexOf('/');
  return cut === -1 ? ['.', path] : [path.slice(0, cut), path.slice(cut + 1)];
}

/** Whether it stands for nothing but an entry of that name. */
function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('\\');
}

/** Most files fit. Reading them needs no question about their size, which costs as much as reading. */
const BLOCK_BYTES = 64 * 1024;

/** Undefined for what may not be read, or is too large. */
function readText(real: string, block: Buffer): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(real, 'r');
    const length = readSync(file, block, 0, block.length, null);
    if (length < block.length) return block.toString('utf8', 0, length);
    return fstatSync(file).size <= MAX_BYTES ? readFileSync(real, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** A folder as it was when it was first asked for. */
interface Folder {
  readonly real: string;
  readonly entries: ReadonlyMap<string, Dirent>;
  /** Sorted, folders with a trailing slash. */
  names(): readonly string[];
}

/** Undefined for what is no folder, or may not be read: absent either way. */
function folderAt(real: string): Folder | undefined {
  try {
    const entries = readdirSync(real, { withFileTypes: true });
    let names: readonly string[] | undefined;
    return {
      real,
      entries: new Map(entries.map((entry) => [entry.name, entry])),
      names: () =>
        (names ??= entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort()),
    };
  } catch {
    return undefined;
  }
}

/** Where a link leads, if that is inside of `home`. */
function linkTarget(place: string, home: string): string | undefined {
  try {
    const real = realpathSync(place);
    return real === home || real.startsWith(home + sep) ? real : undefined;
  } catch {
    return undefined; // a link to nowhere
  }
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
  const texts = new Map<string | undefined, string>();
  const folders = new Map<string | undefined, Set<string>>();
  for (const [path, text] of Object.entries(files)) {
    const inside = joinInside(path);
    if (inside === undefined) continue;
    texts.set(inside, text);
    let name = posix.basename(inside);
    for (let folder = posix.dirname(inside); ; folder = posix.dirname(folder)) {
      if (!folders.has(folder)) folders.set(folder, new Set());
      folders.get(folder)!.add(name);
      if (folder === '.') break;
      name = `${posix.basename(folder)}/`;
    }
  }
  return {
    read: (path) => texts.get(path) ?? texts.get(joinInside(path)),
    list: (folder) => [...(folders.get(joinInside(folder)) ?? [])].sort(),
    derived: new Map(),
  };
}

/** The same files, some of them with other texts or new: "what follows if this is written?" */
export function withTexts(files: FileSource, texts: ReadonlyMap<string, string>): FileSource {
  const added = (folder: string): readonly string[] =>
    [...texts.keys()].filter((path) => posix.dirname(path) === folder).map((path) => posix.basename(path));
  return {
    read: (asked) => texts.get(joinInside(asked) ?? '') ?? files.read(asked),
    list: (folder) => [...new Set([...files.list(folder), ...added(joinInside(folder) ?? '')])].sort(),
    ...(files.derived ? { derived: new Map() } : {}),
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
