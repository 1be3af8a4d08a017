import { diskFiles, type FileSource } from '../detection/files';
import {
  type IncludedFile,
  includedFiles,
  type LocalReference,
  localReferences,
} from '../detection/local-references';
import { cacheFile, pluginVersion } from './cache-file';
import { type Packed, packed, unpacked } from './packed';
import { digestOf, stillHolds, type Trace, traced } from './traced';

/** What a project needs of the workspace. */
export interface Needs {
  readonly references: readonly LocalReference[];
  readonly included: readonly IncludedFile[];
}

/** The workspace as it is while one graph is made: each file read and parsed once. */
export interface Inference {
  readonly workspaceRoot: string;
  readonly files: FileSource;
  needs(root: string): Needs;
  /**
   * What `make` gives, or what it gave the last time if the question, every file that was read for it and this plugin
   * are the same. Kept in the workspace data folder of Nx.
   *
   * @param name of this piece of work
   * @param question everything beside files that the answer depends on
   */
  cached<T>(name: string, question: unknown, make: () => T): T;
}

/** Nx asks for nodes, then for dependencies, in one process: the second takes over what the first has read. */
let handedOver: Inference | undefined;

/** The workspace as it is now, for createNodes. */
export function beginInference(workspaceRoot: string): Inference {
  return (handedOver = inference(workspaceRoot));
}

/** The same for createDependencies; used up, since the files may have changed when Nx asks for the next graph. */
export function continueInference(workspaceRoot: string): Inference {
  const begun = handedOver?.workspaceRoot === workspaceRoot ? handedOver : inference(workspaceRoot);
  handedOver = undefined;
  return begun;
}

interface Kept {
  readonly key: string;
  readonly trace: Trace;
  readonly value: Packed;
}

function inference(workspaceRoot: string): Inference {
  const disk = diskFiles(workspaceRoot);
  const { files, trace } = traced(disk);
  return {
    workspaceRoot,
    files,
    needs: (root) => ({ references: localReferences(files, root), included: includedFiles(files, root) }),
    cached<T>(name: string, question: unknown, make: () => T): T {
      const file = cacheFile(workspaceRoot, `docker-python-${name}.json`);
      const key = digestOf([pluginVersion(), question]);
      const kept = file.read();
      if (isKept(kept) && kept.key === key && stillHolds(kept.trace, disk)) return unpacked(kept.value) as T;
      const value = make();
      // What was read before for something else is in the trace too: that only makes it stricter.
      file.write({ key, trace: trace(), value: packed(value) } satisfies Kept);
      return value;
    },
  };
}

function isKept(content: unknown): content is Kept {
  const kept = content as Partial<Kept> | null | undefined;
  const isTable = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return (
    isTable(kept) &&
    typeof kept!.key === 'string' &&
    isTable(kept!.trace) &&
    Array.isArray(kept!.trace!.texts) &&
    Array.isArray(kept!.trace!.folders) &&
    Array.isArray(kept!.value?.leaves) &&
    Array.isArray(kept!.value.parts)
  );
}
