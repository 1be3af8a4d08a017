import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { buildImage, type BuildOutcome } from '../build/build-image';
import { contextFiles } from '../build/context-files';
import type { Engine } from '../engine/types';
import { gitFacts, type GitFacts } from '../engine/git';
import { DockerPythonError } from '../errors';
import { recordPath, writeRecord } from '../record/image-record';
import { contentKey, type ContentKey } from '../reference/content-key';
import { imageNameOf, repository, type Tag } from '../reference/image-name';
import { buildInfo, BUILD_INFO } from '../reference/build-info';
import { ociLabels } from '../reference/labels';
import { diskFiles } from '../detection/files';
import { projectVersion } from '../detection/project-version';
import { gatherBuildInputs } from '../pipeline/build-inputs';
import { exportersOf, pinnedProject } from '../pipeline/shared-lock';
import { checkSlice } from '../slices/renew-slice';
import { checkSelection } from './docker-build/check-selection';
import { explained } from './docker-build/failed-build';
import { chooseDockerfile, type ChosenDockerfile } from './docker-build/dockerfile';
import type { ProjectInQuestion } from './project';

/** What one run decides beside the project's settings. */
export interface BuildChoices {
  readonly cache: boolean;
  readonly pull: boolean;
  /** Stage of the Dockerfile. */
  readonly target: string;
  readonly tags: readonly Tag[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly progress: 'auto' | 'plain' | 'tty' | 'quiet';
}

/** A build and the record of the one before it. */
export interface ProjectBuild {
  readonly outcome: BuildOutcome;
  /** Text of the record of the run before this one. */
  readonly before: string | undefined;
  /** What the user has to know of the Dockerfile that was built. */
  readonly note?: string;
}

/**
 * project -> build order -> image -> image record. The one way to an image, for docker-build and for whatever
 * finds that the image of a record is gone.
 *
 * @throws DockerPythonError
 */
export async function buildProject(
  engine: Engine,
  project: ProjectInQuestion,
  choices: BuildChoices,
  context: ExecutorContext,
): Promise<ProjectBuild> {
  const { settings, plan } = { settings: project.design.settings.settings, plan: project.design.plan };
  const image = repository(settings.image ?? imageNameOf(project.name), settings.registry);
  await refuseStaleSlice(project);
  const dockerfile = chooseDockerfile(project);
  try {
    const gathered = gatherBuildInputs(project.design, context.root, process.env);
    try {
      const facts = await engine.probe();
      const platforms = settings.platforms ?? [facts.platform];
      refuseManyPlatforms(platforms, facts.containerdStore);
      const buildArgs = { ...gathered.buildArgs, ...choices.buildArgs };
      const { key, git } = await computeKey(
        project,
        dockerfile,
        platforms,
        { target: choices.target, buildArgs },
        context,
      );
      const { target, tags, progress, pull, cache } = choices;
      const { reference: base, digest } = plan.stages.find((stage) => stage.name === 'base')!.image;
      const version = projectVersion(diskFiles(context.root), project.root);
      const source = {
        title: project.name,
        base,
        ...(digest ? { baseDigest: digest } : {}),
        ...(version ? { version } : {}),
        ...sourceLabels(git),
      };
      // Not in the content key, as little as the labels are: the same sources are the same image on every commit.
      const info = plan.runtime.buildInfo ? { [BUILD_INFO]: buildInfo(source) } : {};
      const request = {
        workspaceRoot: context.root,
        dockerfile: dockerfile.path,
        target,
        labels: { ...ociLabels(source), ...settings.labels },
        platforms,
        buildArgs: { ...buildArgs, ...info },
        inputs: gathered.inputs,
        noCache: !cache,
        pull,
        progress,
        extraArgs: settings.extraBuildArgs ?? [],
      };
      const outcome = await explained({ design: project.design, request }, () =>
        buildImage(engine, {
          key,
          repository: image,
          tags,
          base,
          bypassLookup: !cache || pull,
          request,
        }),
      );
      return {
        outcome,
        ...(dockerfile.note === undefined ? {} : { note: dockerfile.note }),
        before: exchangeRecord(
          join(context.root, recordPath(project.root, target)),
          writeRecord(outcome.record),
        ),
      };
    } finally {
      gathered.dispose();
    }
  } finally {
    dockerfile.dispose();
  }
}

/**
 * The content key of a build: of the Dockerfile, of the files that would be sent, and of what the run chooses.
 *
 * @throws DockerPythonError CONTEXT_MISMATCH where Nx hashes other files than those that would be sent
 */
export async function computeKey(
  project: ProjectInQuestion,
  dockerfile: ChosenDockerfile,
  platforms: readonly string[],
  { target, buildArgs }: Pick<BuildChoices, 'target' | 'buildArgs'>,
  context: ExecutorContext,
): Promise<{ readonly key: ContentKey; readonly git: GitFacts }> {
  const { settings, plan } = { settings: project.design.settings.settings, plan: project.design.plan };
  const git = await gitFacts(context.root, [...plan.context.include.map(fixedPart)]);
  const files = contextFiles(context.root, dockerfile.ignoreText, git.executables, git.tracked);
  await checkSelection(context, project, files);
  const key = contentKey({
    dockerfile: dockerfile.text,
    dockerignore: dockerfile.ignoreText,
    files,
    target,
    buildArgs,
    extraBuildArgs: settings.extraBuildArgs ?? [],
    platforms,
  });
  return { key, git };
}

async function refuseStaleSlice({ design, workspaceRoot }: ProjectInQuestion): Promise<void> {
  const pinned = pinnedProject(design);
  if (!pinned) return;
  const exporters = exportersOf(design, pinned.shared, workspaceRoot, process.env);
  await checkSlice(diskFiles(workspaceRoot), pinned, exporters);
}

/** Writes a record and gives back the one that was there. */
function exchangeRecord(path: string, text: string): string | undefined {
  const before = readIfPresent(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return before;
}

function sourceLabels({ revision, source }: { revision?: string; source?: string }): {
  revision?: string;
  source?: string;
} {
  return { ...(revision ? { revision } : {}), ...(source ? { source } : {}) };
}

function refuseManyPlatforms(platforms: readonly string[], containerdStore: boolean): void {
  if (platforms.length < 2 || containerdStore) return;
  throw new DockerPythonError({
    code: 'PLATFORM_UNSUPPORTED',
    message: `This engine cannot hold an image for several platforms (${platforms.join(', ')}).`,
    hint: 'Switch its containerd image store on ("features": {"containerd-snapshotter": true} in daemon.json), or build one platform.',
  });
}

function fixedPart(pattern: string): string {
  return pattern.replace(/\/?\*.*$/, '') || '.';
}

export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
