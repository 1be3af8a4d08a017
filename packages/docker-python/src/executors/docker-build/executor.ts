import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { buildImage } from '../../build/build-image';
import { contextFiles } from '../../build/context-files';
import { dockerEngine } from '../../engine/docker';
import { gitFacts } from '../../engine/git';
import { DockerPythonError } from '../../errors';
import { recordPath, SHIPPED, writeRecord } from '../../record/image-record';
import { contentKey } from '../../reference/content-key';
import { imageNameOf, repository, tag } from '../../reference/image-name';
import { ociLabels } from '../../reference/labels';
import { readOptionSettings } from '../../settings/resolve';
import { findCaBundle } from '../ca-bundle';
import { readProject, report } from '../project';
import { checkSelection } from './check-selection';
import { closingLine } from './closing-line';
import { chooseDockerfile } from './dockerfile';
import { listOf, type DockerBuildOptions } from './options';

/** Builds the image of one project, or finds that it exists, and writes the image record. */
export default function dockerBuild(
  options: DockerBuildOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(() => build(options, context));
}

async function build(options: DockerBuildOptions, context: ExecutorContext): Promise<void> {
  const started = performance.now();
  const { cache = true, pull = false, target = SHIPPED, progress = 'auto', ...rest } = options;
  const project = readProject(
    context,
    readOptionSettings({ ...rest, ...platformSetting(options) }, 'the options of this run'),
    target,
  );
  const { settings, plan } = { settings: project.design.settings.settings, plan: project.design.plan };
  const image = repository(settings.image ?? imageNameOf(project.name), settings.registry);
  const tags = (
    options.tag === undefined ? [target === SHIPPED ? 'latest' : target] : listOf(options.tag)
  ).map(tag);
  const buildArgs = parseBuildArgs(listOf(options.buildArg));
  const dockerfile = chooseDockerfile(project);
  try {
    const engine = dockerEngine();
    const [facts, git] = await Promise.all([
      engine.probe(),
      gitFacts(context.root, [...plan.context.include.map(fixedPart)]),
    ]);
    const platforms = settings.platforms ?? [facts.platform];
    refuseManyPlatforms(platforms, facts.containerdStore);
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
    const bundle = findCaBundle(settings.caBundle ?? 'auto', context.root, process.env);
    try {
      const base = plan.stages.find((stage) => stage.name === 'base')!.image.reference;
      const outcome = await buildImage(engine, {
        key,
        repository: image,
        tags,
        base,
        bypassLookup: !cache || pull,
        request: {
          workspaceRoot: context.root,
          dockerfile: dockerfile.path,
          target,
          labels: { ...ociLabels({ title: project.name, base, ...sourceLabels(git) }), ...settings.labels },
          platforms,
          buildArgs,
          secretFiles: bundle.path === undefined ? {} : { ca: bundle.path },
          noCache: !cache,
          pull,
          progress,
          extraArgs: settings.extraBuildArgs ?? [],
        },
      });
      const path = join(context.root, recordPath(project.root, target));
      const before = readIfPresent(path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, writeRecord(outcome.record));
      process.stdout.write(
        `\n${closingLine({ project: project.name, tags, outcome, before, seconds: (performance.now() - started) / 1000 })}\n`,
      );
    } finally {
      bundle.dispose();
    }
  } finally {
    dockerfile.dispose();
  }
}

function platformSetting(options: DockerBuildOptions): { platforms?: readonly string[] } {
  return options.platform === undefined ? {} : { platforms: listOf(options.platform) };
}

function sourceLabels({ revision, source }: { revision?: string; source?: string }): {
  revision?: string;
  source?: string;
} {
  return { ...(revision ? { revision } : {}), ...(source ? { source } : {}) };
}

/** `NAME=value` pairs. Values are part of the image, so they are no place for secrets. */
function parseBuildArgs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(pair) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new DockerPythonError({
        code: 'INVALID_SETTINGS',
        message: `The build argument ${JSON.stringify(pair)} is not of the form NAME=value.`,
        hint: 'Write --buildArg=NAME=value, once for each argument.',
      });
    }),
  );
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

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
