import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { ensureImage, type PresentImage } from '../build/ensure-image';
import type { Engine } from '../engine/types';
import { readRecord, recordPath, SHIPPED } from '../record/image-record';
import { tag } from '../reference/image-name';
import { buildProject, readIfPresent } from './build-project';
import type { ProjectInQuestion } from './project';

/** Where docker-build puts the image that people mean. */
export const LATEST = [tag('latest')];

/**
 * The image of a project in the local engine: the one of the image record, built again if it is gone.
 *
 * @throws DockerPythonError
 */
export async function presentImage(
  engine: Engine,
  project: ProjectInQuestion,
  context: ExecutorContext,
): Promise<PresentImage> {
  const rebuild = async (): Promise<PresentImage['record']> => {
    const choices = {
      cache: true,
      pull: false,
      target: SHIPPED,
      tags: LATEST,
      buildArgs: {},
      progress: 'auto',
    } as const;
    return (await buildProject(engine, project, choices, context)).outcome.record;
  };
  const path = recordPath(project.root, SHIPPED);
  const text = readIfPresent(join(context.root, path));
  // Without a record nobody has built yet; the target's dependency on docker-build was switched off.
  const record = text === undefined ? await rebuild() : readRecord(text, path);
  return ensureImage(engine, record, LATEST, rebuild);
}
