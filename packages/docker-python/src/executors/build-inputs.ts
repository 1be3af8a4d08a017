import { gatherBuildInputs } from '../pipeline/build-inputs';
import type { ImageDesign } from '../pipeline/design-image';
import type { FileBuild } from '../slices/built-files';

/**
 * Works with what the build steps of a design get from this machine, for builds that make files and no image.
 *
 * @param workspaceRoot absolute
 * @throws DockerPythonError for variables, secrets or an SSH agent that are not there
 */
export async function withBuildInputs<T>(
  design: ImageDesign,
  workspaceRoot: string,
  work: (build: FileBuild['build']) => Promise<T>,
): Promise<T> {
  const { buildArgs, inputs, dispose } = gatherBuildInputs(design, workspaceRoot, process.env);
  const extraArgs = design.settings.settings.extraBuildArgs ?? [];
  try {
    return await work({ workspaceRoot, buildArgs, inputs, extraArgs });
  } finally {
    dispose();
  }
}
