import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { dockerEngine } from '../../engine/docker';
import { runUndisturbed } from '../../engine/process';
import { DockerPythonError } from '../../errors';
import { inspect, type Inspected } from '../../inspection/inspect';
import { surveyImage } from '../../inspection/survey';
import { wrapped } from '../../pipeline/facts';
import { readRecord, recordPath, SHIPPED } from '../../record/image-record';
import { keyTag, type ContentKey } from '../../reference/content-key';
import { ownerLabels } from '../../smoke/stale';
import { readIfPresent } from '../files';
import { interruptible } from '../interruption';
import { removeStale, thisProcess } from '../owner';
import type { ProjectInQuestion } from '../project';

/** What an inspection found. The form of `--image --json`. */
export interface ImageReport {
  readonly image: string;
  readonly properties: readonly Inspected[];
}

/** Far above what looking takes; when the machine that started it is gone, others clean up after so long. */
const AT_MOST_SECONDS = 120;

/**
 * Inspects an image: the one that a reference names, or else the one that docker-build has made.
 *
 * @throws DockerPythonError IMAGE_MISSING, IMAGE_UNREADABLE, or from the engine
 */
export function reportImage(
  named: string | undefined,
  project: ProjectInQuestion,
  context: ExecutorContext,
): Promise<ImageReport> {
  const image = named ?? builtImage(project, context);
  return interruptible(async () => {
    const engine = dockerEngine(runUndisturbed);
    await removeStale(engine, thisProcess());
    const survey = await surveyImage(
      engine,
      image,
      ownerLabels(thisProcess(), project.name, AT_MOST_SECONDS),
    );
    if (!survey) throw missing(image, named === undefined ? project.name : undefined);
    return { image, properties: inspect(survey) };
  });
}

/** An inspection for people: what does not hold first, with what to do about it. */
export function printReport({ image, properties }: ImageReport): string {
  const wrong = properties.filter(({ problem }) => problem !== undefined);
  const right = properties.filter(({ problem }) => problem === undefined);
  return [
    '',
    image,
    ...wrong.flatMap(({ title, problem, hint }) => [
      '',
      `  no   ${title}`,
      ...wrapped(problem!, 7).map((line) => `       ${line}`),
      ...wrapped(`What to do: ${hint}`, 7).map((line) => `       ${line}`),
    ]),
    '',
    ...right.map(({ title }) => `  yes  ${title}`),
    '',
    `  ${right.length} of ${properties.length} hold. How it starts, serves and stops: nx smoke-test.`,
    '',
  ].join('\n');
}

function builtImage(project: ProjectInQuestion, context: ExecutorContext): string {
  const path = recordPath(project.root, SHIPPED);
  const text = readIfPresent(join(context.root, path));
  if (text === undefined) throw missing(`of ${project.name}`, project.name);
  const { image, contentKey } = readRecord(text, path);
  return `${image}:${keyTag(contentKey as ContentKey)}`;
}

function missing(image: string, project: string | undefined): DockerPythonError {
  return new DockerPythonError({
    code: 'IMAGE_MISSING',
    message: `The engine has no image ${image}.`,
    hint:
      project === undefined
        ? 'Build or pull it first; docker images lists what is there.'
        : `Build it first: nx docker-build ${project}`,
  });
}
