import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { buildImage, type BuildOrder, type BuildOutcome } from '../build/build-image';
import { contextFiles } from '../build/context-files';
import { attestArgv } from '../engine/argv';
import type { BuilderFacts, Engine } from '../engine/types';
import { gitFacts, type GitFacts } from '../engine/git';
import { recordPath, writeRecord } from '../record/image-record';
import { contentKey, type ContentKey } from '../reference/content-key';
import { imageNameOf, repositories, type Tag } from '../reference/image-name';
import { buildInfo, BUILD_INFO } from '../reference/build-info';
import { ociLabels } from '../reference/labels';
import { diskFiles } from '../detection/files';
import { packageMetadata } from '../detection/package-metadata';
import { projectVersion } from '../detection/project-version';
import { gatherBuildInputs, type GatheredInputs } from '../pipeline/build-inputs';
import { exportersOf, pinnedProject } from '../pipeline/shared-lock';
import type { Settings } from '../settings/schema';
import { buildOptions, type BuildOptions } from '../shipping/build-options';
import { cachePlace } from '../shipping/layer-cache';
import type { Checkout } from '../reference/checkout';
import { checkSlice } from '../slices/renew-slice';
import { readCheckout } from './checkout';
import { checkSelection } from './docker-build/check-selection';
import { explained } from './docker-build/failed-build';
import { chooseDockerfile, type ChosenDockerfile } from './docker-build/dockerfile';
import { exchangeFile } from './files';
import type { ProjectInQuestion } from './project';
import { note } from './registry-engine';

/** What one run decides beside the project's settings. */
export interface BuildChoices {
  readonly cache: boolean;
  /** False where a registry that may have the image has just failed to give it. */
  readonly askRegistry: boolean;
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
  await refuseStaleSlice(project);
  const dockerfile = chooseDockerfile(project);
  try {
    const gathered = gatherBuildInputs(project.design, context.root, process.env, dockerfile.text);
    try {
      const order = await orderOf(engine, project, choices, context, dockerfile, gathered);
      const outcome = await explained({ design: project.design, request: order.request }, () =>
        buildImage(engine, order, {
          unanswered: ({ message }) =>
            note(`${message}\nWhether the registry has the image already is not known, so it is built.`),
          unfetched: ({ message }) =>
            note(
              `${message}\nNothing has to be built, but names such as latest stay on another image in the engine.`,
            ),
        }),
      );
      const path = join(context.root, recordPath(project.root, choices.target));
      return {
        outcome,
        ...(dockerfile.note === undefined ? {} : { note: dockerfile.note }),
        before: exchangeFile(path, writeRecord(outcome.record)),
      };
    } finally {
      gathered.dispose();
    }
  } finally {
    dockerfile.dispose();
  }
}

/**
 * What the builder does of what the settings ask for.
 *
 * @throws DockerPythonError where it cannot
 */
export function optionsOf(
  { name, design }: ProjectInQuestion,
  facts: BuilderFacts,
  platforms: readonly string[],
  checkout: Checkout,
): BuildOptions {
  const { settings } = design.settings;
  const image = settings.image ?? imageNameOf(name);
  return buildOptions(
    settings,
    facts,
    platforms,
    cachePlace(checkout, image, settings.registry, process.env),
  );
}

/** Everything that the build needs to know, decided before anything is built. */
async function orderOf(
  engine: Engine,
  project: ProjectInQuestion,
  choices: BuildChoices,
  context: ExecutorContext,
  dockerfile: ChosenDockerfile,
  gathered: GatheredInputs,
): Promise<BuildOrder> {
  const { settings } = project.design.settings;
  const { plan } = project.design;
  const name = settings.image ?? imageNameOf(project.name);
  const [image] = repositories(name, settings.registry);
  const [facts, checkout] = await Promise.all([
    factsFor(engine, settings),
    readCheckout(context, project.defaultBranch),
  ]);
  const platforms = settings.platforms ?? [facts.platform];
  const { store, request, notes } = optionsOf(project, facts, platforms, checkout);
  notes.forEach(note);
  const { target, tags, progress, pull, cache } = choices;
  const buildArgs = { ...gathered.buildArgs, ...choices.buildArgs };
  const { key, git } = await computeKey(project, dockerfile, platforms, { target, buildArgs }, context);
  const { reference: base, digest } = plan.stages.find((stage) => stage.name === 'base')!.image;
  const version = projectVersion(diskFiles(context.root), project.root);
  const source = {
    title: project.name,
    base,
    ...packageMetadata(diskFiles(context.root), project.root),
    ...(digest ? { baseDigest: digest } : {}),
    ...(version ? { version } : {}),
    ...sourceLabels(git),
  };
  // Not in the content key, as little as its labels are: the same sources are the same image on every commit.
  const info = plan.runtime.buildInfo ? { [BUILD_INFO]: buildInfo(source) } : {};
  return {
    key,
    repository: image,
    asksRegistry: settings.registry !== undefined && choices.askRegistry,
    store,
    tags,
    base,
    bypassLookup: !cache || pull,
    request: {
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
      ...request,
    },
  };
}

/** Where the image goes straight to a registry, a builder elsewhere is enough: there may be no engine here. */
export function factsFor(
  engine: Pick<Engine, 'probe' | 'probeBuilder'>,
  { builder, store }: Pick<Settings, 'builder' | 'store'>,
): Promise<BuilderFacts> {
  return store === 'registry' && builder !== undefined ? engine.probeBuilder(builder) : engine.probe(builder);
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
    // Attestations are part of what is pushed.
    extraBuildArgs: [...(settings.extraBuildArgs ?? []), ...attestArgv(settings.attest)],
    platforms,
    labels: settings.labels ?? {},
  });
  return { key, git };
}

async function refuseStaleSlice({ design, workspaceRoot }: ProjectInQuestion): Promise<void> {
  const pinned = pinnedProject(design);
  if (!pinned) return;
  const exporters = exportersOf(design, pinned.shared, workspaceRoot, process.env);
  await checkSlice(diskFiles(workspaceRoot), pinned, exporters);
}

function sourceLabels({ revision, source }: { revision?: string; source?: string }): {
  revision?: string;
  source?: string;
} {
  return { ...(revision ? { revision } : {}), ...(source ? { source } : {}) };
}

function fixedPart(pattern: string): string {
  return pattern.replace(/\/?\*.*$/, '') || '.';
}
