import { createHash, type Hash } from 'node:crypto';
import { posix } from 'node:path';
import type { FileSource } from '../detection/files';

/** What was read. As long as all of it is the same, so is everything that was made of it. */
export interface Trace {
  /** Paths of the files that are there. */
  readonly texts: readonly string[];
  /** Folders whose names were asked for: they also stand for the files that were looked for and are not there. */
  readonly folders: readonly string[];
  /** One digest of all of it: thousands of small ones cost more than reading the files. */
  readonly digest: string;
}

/**
 * The same files, with a record of everything that was asked of them.
 *
 * @param files that stay as they were first read, so that the record is of what was read
 */
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
        const known = texts.get(path);
        if (known !== undefined) return known;
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
    trace() {
      const read = { texts: [...texts.keys()], folders: [...folders] };
      return { ...read, digest: digestNow(read, files)! };
    },
  };
}

/** Whether everything that was read is still the same. */
export function stillHolds(trace: Trace, files: FileSource): boolean {
  return digestNow(trace, files) === trace.digest;
}

/** A digest of anything that JSON can say. */
export function digestOf(value: unknown): string {
  return digest(createHash('sha1').update(JSON.stringify(value)));
}

/** Undefined where a file is not there any more. The lengths say where each text ends. */
function digestNow({ texts, folders }: Omit<Trace, 'digest'>, files: FileSource): string | undefined {
  const hash = createHash('sha1');
  const add = (text: string): unknown => hash.update(`${text.length} ${text}`);
  for (const folder of folders) add(names(files, folder));
  for (const path of texts) {
    const text = files.read(path);
    if (text === undefined) return undefined;
    add(text);
  }
  return digest(hash);
}

function names(files: FileSource, folder: string): string {
  // Nx's own folder appears with the first graph.
  return files
    .list(folder)
    .filter((name) => name !== '.nx/')
    .join('\n');
}

function digest(hash: Hash): string {
  return hash.digest('base64url');
}
