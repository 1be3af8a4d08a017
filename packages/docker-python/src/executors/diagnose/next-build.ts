import { arch } from 'node:process';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { BuilderFacts, Engine, Registries } from '../../engine/types';
import { DockerPythonError } from '../../errors';
import { environmentArguments } from '../../pipeline/build-inputs';
import { readRecord, recordPath, SHIPPED, type ImageRecord } from '../../record/image-record';
import { keyTag, type ContentKey } from '../../reference/content-key';
import { imageNameOf, repositories } from '../../reference/image-name';
import { computeKey, factsFor, optionsOf } from '../build-project';
import { readCheckout } from '../checkout';
import { chooseDockerfile } from '../docker-build/dockerfile';
import { readIfPresent } from '../files';
import type { ProjectInQuestion } from '../project';

/** What `docker-build` would do now, and why. */
export interface NextBuild {
  /** `unknown` where neither an engine nor a builder answers: nothing could be built. */
  readonly outcome: 'nothing to do' | 'builds' | 'stops' | 'unknown';
  readonly reasons: readonly string[];
  readonly contentKey?: ContentKey;
  readonly platforms?: readonly string[];
  /** Absent if none answers. */
  readonly engine?: BuilderFacts;
}

/** What is asked here. A registry that does not answer soon is as good as one that cannot be asked. */
type Asked = Pick<Engine, 'probe' | 'probeBuilder' | 'inspect'> & Pick<Registries, 'remoteDigest'>;

/** Computes the content key and looks for its image, where `docker-build` would. Builds nothing, writes nothing. */
export async function nextBuild(
  engine: Asked,
  project: ProjectInQuestion,
  context: ExecutorContext,
): Promise<NextBuild> {
  const { settings } = project.design.settings;
  const facts = await attempt(() => factsFor(engine, settings));
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
    return { ...engineFacts, ...stopped(keyed) };
  }
  const { key: contentKey } = keyed;
  const said = { contentKey, platforms, ...engineFacts };
  const checkout = await readCheckout(context, project.defaultBranch);
  const options = answers
    ? await attempt(() => Promise.resolve(optionsOf(project, facts, platforms, checkout)))
    : undefined;
  if (options instanceof DockerPythonError) return { ...said, ...stopped(options) };
  const last = sinceTheLast(lastRecord(project), contentKey);
  const name = `${repositories(settings.image ?? imageNameOf(project.name), settings.registry)[0]}:${keyTag(contentKey)}`;
  const [held, remote] = await Promise.all([
    answers && settings.store !== 'registry' ? ofEngine(engine, name) : undefined,
    settings.registry === undefined ? undefined : ofRegistry(engine, name),
  ]);
  const found = [held, remote].flatMap((one) => one?.reason ?? []);
  if (!answers) {
    const silent = `${facts.code}: ${facts.message} Whether an engine has the image of this key is not known.`;
    const assumed = settings.platforms
      ? []
      : [`The key is that for ${MACHINE_PLATFORM}, as this machine is.`];
    return { ...said, outcome: 'unknown', reasons: [silent, ...assumed, ...found, last] };
  }
  const outcome = held?.present || remote?.present ? 'nothing to do' : 'builds';
  return { ...said, outcome, reasons: [...found, last, ...(options?.notes ?? [])] };
}

function stopped({ code, message, hint }: DockerPythonError): Pick<NextBuild, 'outcome' | 'reasons'> {
  return { outcome: 'stops', reasons: [`${code}: ${message} ${hint}`] };
}

/** Whether somebody has the image, in words as well. */
interface Holding {
  readonly present: boolean;
  readonly reason: string;
}

async function ofEngine(engine: Asked, name: string): Promise<Holding> {
  const image = await attempt(() => engine.inspect(name));
  const present = image !== undefined && !(image instanceof DockerPythonError);
  return { present, reason: present ? `The engine has ${name}.` : `The engine has no ${name}.` };
}

async function ofRegistry(registry: Asked, name: string): Promise<Holding> {
  const digest = await attempt(() => registry.remoteDigest(name));
  if (digest instanceof DockerPythonError)
    return {
      present: false,
      reason: `The registry was asked for ${name} too: ${digest.code}. ${digest.message}`,
    };
  return digest === undefined
    ? { present: false, reason: `The registry has no ${name}.` }
    : {
        present: true,
        reason: `The registry has ${name}: it is fetched by whatever needs it, and where latest is another image in the engine.`,
      };
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
