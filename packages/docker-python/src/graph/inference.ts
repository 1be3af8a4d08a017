import { diskFiles, type FileSource } from '../detection/files';
import { type LocalReference, localReferences } from '../detection/local-references';

/** The workspace as it is while one graph is made: each file parsed once, each project read once. */
export interface Inference {
  readonly workspaceRoot: string;
  readonly files: FileSource;
  references(root: string): readonly LocalReference[];
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

function inference(workspaceRoot: string): Inference {
  const files = diskFiles(workspaceRoot);
  const known = new Map<string, readonly LocalReference[]>();
  return {
    workspaceRoot,
    files,
    references(root) {
      if (!known.has(root)) known.set(root, localReferences(files, root));
      return known.get(root)!;
    },
  };
}
