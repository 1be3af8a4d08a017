import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { FileSource } from '../detection/files';

/** What was read: path to digest. As long as all of it is the same, so is everything that was made of it. */
export interface Trace {
  readonly texts: Readonly<Record<string, string>>;
  /** Digests of the names in a folder: they also stand for the files that were looked for and are not there. */
  readonly folders: Readonly<Record<string, string>>;
}

/** The same files, with a record of everything that was asked of them. */
export function traced(files: FileSource): { readonly files: FileSource; trace(): Trace } {
  const texts = new Map<string, string>();
  const folders = new Set<string>();
  /** Whatever is or is not in a folder: the nearest one upwards that is there says so. */
  const look = (folder: string): void => {
    for (let at = folder; !folders.has(at); at = posix.dirname(at)) {
      folders.add(at);
      if (at === '.' || at === '/' || files.list(at).length > 0) return;
    }
  };
  return {
    files: {
      read(path) {
        const text = files.read(path);
        if (text === undefined) look(posix.dirname(path));
        else texts.set(path, text);
        return text;
      },
      list(folder) {
        look(folder);
        return files.list(folder);
      },
      derived: new Map(),
    },
    trace: () => ({
      texts: Object.fromEntries([...texts].map(([path, text]) => [path, digest(text)])),
      folders: Object.fromEntries([...folders].map((folder) => [folder, digest(names(files, folder))])),
    }),
  };
}

/** Whether everything that was read is still the same. */
export function stillHolds({ texts, folders }: Trace, files: FileSource): boolean {
  return (
    Object.entries(folders).every(([folder, known]) => digest(names(files, folder)) === known) &&
    Object.entries(texts).every(([path, known]) => {
      const text = files.read(path);
      return text !== undefined && digest(text) === known;
    })
  );
}

/** A digest of anything that JSON can say. */
export function digestOf(value: unknown): string {
  return digest(JSON.stringify(value));
}

function names(files: FileSource, folder: string): string {
  // Nx's own folder appears with the first graph.
  return files
    .list(folder)
    .filter((name) => name !== '.nx/')
    .join('\n');
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}
