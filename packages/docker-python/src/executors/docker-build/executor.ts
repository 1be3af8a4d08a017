import type { ExecutorContext } from '@nx/devkit';
import { say } from '../../engine/words';
import { report } from '../project';
import { briefEngine } from '../registry-engine';
import type { DockerBuildOptions } from './options';
import { runBuild } from './run-build';

/** Builds the image of one project, or finds that it exists, and writes the image record. */
export default function dockerBuild(
  options: DockerBuildOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(async () => {
    say(`\n${await runBuild(briefEngine(), options, context)}`);
  });
}
