import type { ExecutorContext } from '@nx/devkit';
import { diskFiles } from '../../detection/files';
import { projectVersion } from '../../detection/project-version';
import type { Engine } from '../../engine/types';
import { DockerPythonError } from '../../errors';
import type { ImageRecord } from '../../record/image-record';
import { imageNameOf, repositories, type Repository, type Tag } from '../../reference/image-name';
import { DEFAULT_TAGS, expandTags, tagValues } from '../../reference/tag-template';
import { listOf } from '../../settings/option-text';
import { readOptionSettings } from '../../settings/resolve';
import { registryMissing } from '../../shipping/build-options';
import { readCheckout } from '../checkout';
import { readProject, type ProjectInQuestion } from '../project';

/** What `nx push` takes beside settings. */
export interface PushOptions {
  readonly tag?: string | number | readonly (string | number)[];
  readonly dryRun?: boolean;
  readonly [setting: string]: unknown;
}

/** What a push is to do, decided from settings, options and the checkout. */
export interface PushOrder {
  readonly project: ProjectInQuestion;
  readonly repositories: readonly [Repository, ...Repository[]];
  readonly tags: readonly Tag[];
  /** Whether a CI system does it, and not somebody on a machine of theirs. */
  readonly ci: boolean;
  /** @throws DockerPythonError PLATFORM_MISMATCH */
  checkPlatforms(engine: Pick<Engine, 'probe'>, record: ImageRecord): Promise<void>;
}

/** @throws DockerPythonError REGISTRY_MISSING, INVALID_SETTINGS, INVALID_IMAGE_NAME */
export async function orderOf(options: PushOptions, context: ExecutorContext): Promise<PushOrder> {
  const project = readProject(context, readOptionSettings(options, 'the options of this run'));
  const { settings } = project.design.settings;
  if (settings.registry === undefined) throw registryMissing(`nx push ${project.name}`);
  const asked = options.tag === undefined ? undefined : listOf(options.tag, 'tag');
  const templates = asked ?? settings.tags ?? DEFAULT_TAGS;
  const checkout = await readCheckout(context, project.defaultBranch);
  const version = projectVersion(diskFiles(context.root), project.root);
  const known = version === undefined ? {} : { version };
  return {
    project,
    ci: checkout.ci,
    repositories: repositories(settings.image ?? imageNameOf(project.name), settings.registry),
    tags: expandTags(templates, checkout, tagValues(checkout, { ...known, date: new Date() })),
    async checkPlatforms(engine, { platforms }) {
      // A builder elsewhere may be of another architecture than this machine, and is meant to be.
      const asked =
        settings.platforms ??
        (settings.builder === undefined && settings.store !== 'registry'
          ? [(await engine.probe()).platform]
          : platforms);
      if ([...asked].sort().join() !== [...platforms].sort().join())
        throw mismatch(project, platforms, asked);
    },
  };
}

function mismatch(
  { name }: ProjectInQuestion,
  platforms: readonly string[],
  asked: readonly string[],
): DockerPythonError {
  return new DockerPythonError({
    code: 'PLATFORM_MISMATCH',
    message: `The image record of ${name} is of ${platforms.join(', ')}, but ${asked.join(', ')} is asked for.`,
    hint: `Build it for that: nx docker-build ${name}. If it is meant to differ from this machine, say so in the settings: "platforms": ${JSON.stringify(platforms)}`,
  });
}
