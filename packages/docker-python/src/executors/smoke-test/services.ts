import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { composeProjects, removeServices, startServices } from '../../engine/compose';
import { runUndisturbed } from '../../engine/process';
import { DockerPythonError } from '../../errors';
import { servicesProject, staleServices } from '../../smoke/stale';
import { thisProcess } from '../owner';
import type { ProjectInQuestion } from '../project';

/**
 * Runs work beside the services of a compose file, on their network; without a file, just runs it.
 *
 * @param file relative to the project
 */
export async function withServices(
  file: string | undefined,
  project: ProjectInQuestion,
  work: (network: string | undefined) => Promise<void>,
): Promise<void> {
  if (file === undefined) return work(undefined);
  const path = join(project.workspaceRoot, project.root, file);
  if (!existsSync(path)) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `"smokeTest.compose" is ${JSON.stringify(file)}, but ${project.root}/${file} is not there.`,
      hint: 'The path is relative to the project.',
    });
  }
  const me = thisProcess();
  for (const left of staleServices(await composeProjects(runUndisturbed), me))
    await removeServices(runUndisturbed, left);
  const services = await startServices(runUndisturbed, servicesProject(me, project.name), path);
  try {
    await work(services.network);
  } finally {
    await services.down();
  }
}
