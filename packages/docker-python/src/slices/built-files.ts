import { join } from 'node:path';
import type { BuildRequest, Engine } from '../engine/types';
import { DockerPythonError } from '../errors';
import { inScratchFolder } from './scratch-folder';

/** A build whose last stage holds files, and no image is made of it. */
export interface FileBuild {
  readonly dockerfile: string;
  /** Which files of the context it sees; default: all. */
  readonly ignore?: string;
  /** Stage whose files are wanted. */
  readonly target: string;
  /** The context, and what build steps get beside it. */
  readonly build: Pick<BuildRequest, 'workspaceRoot' | 'buildArgs' | 'inputs' | 'extraArgs'>;
}

/**
 * Builds a stage in the engine and reads files of it, which are gone afterwards.
 *
 * @param use gets the text of a file of the stage, or undefined if it has none; what it returns must not be undefined
 * @throws DockerPythonError what the engine says, or ENGINE_FAILED where nothing came out
 */
export async function builtFiles<T>(
  engine: Pick<Engine, 'build'>,
  { dockerfile, ignore, target, build }: FileBuild,
  use: (read: (path: string) => string | undefined) => T | undefined,
): Promise<T> {
  const texts = {
    Dockerfile: dockerfile,
    ...(ignore === undefined ? {} : { 'Dockerfile.dockerignore': ignore }),
  };
  return inScratchFolder(texts, async ({ root, read }) => {
    await engine.build({
      dockerfile: join(root, 'Dockerfile'),
      target,
      tags: [],
      labels: {},
      platforms: [],
      noCache: false,
      pull: false,
      progress: 'auto',
      output: { folder: join(root, 'out') },
      ...build,
    });
    const used = use((path) => read(`out/${path}`));
    if (used !== undefined) return used;
    throw new DockerPythonError({
      code: 'ENGINE_FAILED',
      message: `The engine exported nothing of the stage ${target}.`,
      hint: 'Check "extraBuildArgs" in docker-python.json: they may send the result elsewhere.',
    });
  });
}
