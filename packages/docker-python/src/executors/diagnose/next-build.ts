import { arch } from 'node:process';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { Engine, EngineFacts } from '../../engine/types';
import { DockerPythonError } from '../../errors';
import { environmentArguments } from '../../pipeline/build-inputs';
import { readRecord, recordPath, SHIPPED, type ImageRecord } from '../../record/image-record';
import { keyTag, type ContentKey } from '../../reference/content-key';
import { imageNameOf, repositories } from '../../reference/image-name';
import { computeKey } from '../build-project';
import { chooseDockerfile } from '../docker-build/dockerfile';
import { readIfPresent } from '../files';
import type { ProjectInQuestion } from '../project';

/** What `docker-build` would do now, and why. */
export interface NextBuild {
  /** `unknown` where no engine answers: only it knows which images it has. */
  readonly outcome: 'nothing to do' | 'builds' | 'stops' | 'unknown';
  readonly reasons: readonly string[];
  readonly contentKey?: ContentKey;
  readonly platforms?: readonly string[];
  /** Absent if none answers. */
  readonly engine?: EngineFacts;
}

/** What an engine is asked here. */
type AskedEngine = Pick<Engine, 'probe' | 'inspect'>;

/** Computes the content key and looks for its image. Builds nothing, writes nothing. */
export async function nextBuild(
  engine: AskedEngine,
  project: ProjectInQuestion,
  context: ExecutorContext,
): Promise<NextBuild> {
  const { settings } = project.design.settings;
  const facts = await attempt(() => engine.probe());
  const answers = !(facts instanceof DockerPythonError);
  const platforms = settings.platforms ?? [answers ? facts.platform : MACHINE_PLATFORM];
  const keyed = await attempt(async () => {
    const dockerfile = chooseDockerfile(project);
    try {
      const buildArgs = environmentArguments(project.design, context.root, process.env);
      return await computeKey(project, dockerfile, platforms, { target: SHIPPED, buildArgs }, context);
    } finally {
      dockerfile.dispose();
    }
  });
  const engineFacts = answers ? { engine: facts } : {};
  if (keyed instanceof DockerPythonError) {
    return { ...engineFacts, outcome: 'stops', reasons: [`${keyed.code}: ${keyed.message} ${keyed.hint}`] };
  }
  const { key: contentKey } = keyed;
  const said = { contentKey, platforms, ...engineFacts };
  const last = sinceTheLast(lastRecord(project), contentKey);
  if (!answers) {
    const silent = `${facts.code}: ${facts.message} Whether an engine has the image of this key is not known.`;
    const assumed = settings.platforms
      ? []
      : [`The key is that for ${MACHINE_PLATFORM}, as this machine is.`];
    return { ...said, outcome: 'unknown', reasons: [silent, ...assumed, last] };
  }
  const name = `${repositories(settings.image ?? imageNameOf(project.name), settings.registry)[0]}:${keyTag(contentKey)}`;
  const image = await attempt(() => engine.inspect(name));
  return image && !(image instanceof DockerPythonError)
    ? { ...said, outcome: 'nothing to do', reasons: [`The engine has ${name}.`, last] }
    : { ...said, outcome: 'builds', reasons: [`The engine has no ${name}.`, last] };
}

/** What an engine on this machine would most likely build for. */
const MACHINE_PLATFORM = `linux/${arch === 'x64' ? 'amd64' : arch}`;

function lastRecord({ workspaceRoot, root }: ProjectInQuestion): ImageRecord | undefined {
  const path = recordPath(root, SHIPPED);
  const text = readIfPresent(join(workspaceRoot, path));
  try {
    return text === undefined ? undefined : readRecord(text, path);
  } catch {
    return undefined; // of another version: as good as none
  }
}

function sinceTheLast(record: ImageRecord | undefined, key: ContentKey): string {
  if (!record) return 'There is no image record: this checkout has not built the image yet.';
  return record.contentKey === key
    ? 'The image record is of the same key: nothing that decides the image has changed since the last build.'
    : `The image record is of ${keyTag(record.contentKey as ContentKey)}: sources, settings or options have changed since the last build.`;
}

async function attempt<T>(work: () => Promise<T>): Promise<T | DockerPythonError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DockerPythonError) return error;
    throw error;
  }
}
