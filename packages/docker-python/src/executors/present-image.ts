import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { ensureImage, type PresentImage } from '../build/ensure-image';
import type { Engine } from '../engine/types';
import { readRecord, recordPath, SHIPPED, type ImageRecord } from '../record/image-record';
import { tag } from '../reference/image-name';
import { buildProject } from './build-project';
import { readIfPresent } from './files';
import type { ProjectInQuestion } from './project';
import { note } from './registry-engine';

/** Where docker-build puts the image that people mean. */
export const LATEST = [tag('latest')];

/**
 * The image of a project in the local engine: the one of the image record, fetched or built again if it is gone.
 *
 * @param wanted the image that has to be there; default: that of the image record
 * @throws DockerPythonError
 */
export async function presentImage(
  engine: Engine,
  project: ProjectInQuestion,
  context: ExecutorContext,
  wanted?: ImageRecord,
): Promise<PresentImage> {
  const { registry, store } = project.design.settings.settings;
  const rebuild = async (refused: boolean): Promise<ImageRecord> => {
    const choices = {
      cache: true,
      // A build that goes to the registry is not done again because of it.
      askRegistry: !refused || store === 'registry',
      pull: false,
      target: SHIPPED,
      tags: LATEST,
      buildArgs: {},
      progress: 'auto',
    } as const;
    return (await buildProject(engine, project, choices, context)).outcome.record;
  };
  return ensureImage(engine, wanted ?? lastRecord(project) ?? (await rebuild(false)), {
    hasRegistry: registry !== undefined,
    tags: LATEST,
    rebuild,
    unanswered: ({ message }) => note(`${message} The image is built here instead.`),
  });
}

/** @returns undefined where nobody has built yet: the target's dependency on docker-build was switched off */
export function lastRecord(project: ProjectInQuestion): ImageRecord | undefined {
  const path = recordPath(project.root, SHIPPED);
  const text = readIfPresent(join(project.workspaceRoot, path));
  return text === undefined ? undefined : readRecord(text, path);
}
