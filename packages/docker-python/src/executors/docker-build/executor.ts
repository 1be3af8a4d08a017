import type { ExecutorContext } from '@nx/devkit';
import { dockerEngine } from '../../engine/docker';
import { report } from '../project';
import type { DockerBuildOptions } from './options';
import { runBuild } from './run-build';

/** Builds the image of one project, or finds that it exists, and writes the image record. */
export default function dockerBuild(
  options: DockerBuildOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(async () => {
    process.stdout.write(`\n${await runBuild(dockerEngine(), options, context)}\n`);
  });
}
