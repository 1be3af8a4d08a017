import type { ExecutorContext } from '@nx/devkit';
import { say } from '../../engine/words';
import type { ImageRecord } from '../../record/image-record';
import type { Tag } from '../../reference/image-name';
import { readOptionSettings } from '../../settings/resolve';
import { interruptible, type Interruption } from '../interruption';
import { lastRecord, presentImage } from '../present-image';
import { readProject, report, type ProjectInQuestion } from '../project';
import { briefEngine, note } from '../registry-engine';
import { testImage, switchedOff } from './test-image';
import { keepTestRecord, testTagOf } from './test-identity';

export interface SmokeTestOptions {
  /** The one process to test, instead of the default one and those that ask for it. */
  readonly process?: string;
  /** `--no-cache` sets it to false. */
  readonly cache?: boolean;
}

/** Starts the image of a project the way production would, and says what is wrong with it. */
export default function smokeTestExecutor(
  options: SmokeTestOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(() => interruptible((interruption) => test(options, context, interruption)));
}

async function test(
  { process: only, cache = true }: SmokeTestOptions,
  context: ExecutorContext,
  interruption: Interruption,
): Promise<void> {
  const project = readProject(context, readOptionSettings({}, 'the options of this run'));
  const off = switchedOff(project);
  if (off !== undefined) {
    say(`\n${project.name}: not tested, ${off}`);
    return;
  }
  const record = cache && only === undefined ? lastRecord(project) : undefined;
  if (record && (await isTestedElsewhere(record, project))) {
    say(`\n${project.name}: passed its smoke test elsewhere: the registry has exactly this image as tested`);
    return;
  }
  // The build ends with Ctrl-C as docker-build does; what runs after it is taken down first.
  const image = await presentImage(briefEngine(), project, context);
  await testImage(image.reference, project, interruption, only);
  if (only !== undefined) return;
  keepTestRecord(image.record, testTagOf(image.record.contentKey, project), project);
}

/** Whether the registry knows that this image has passed this test: then it is neither pulled nor started. */
async function isTestedElsewhere(record: ImageRecord, project: ProjectInQuestion): Promise<boolean> {
  const { manifestDigest, image, contentKey } = record;
  if (manifestDigest === undefined || project.design.settings.settings.registry === undefined) return false;
  const tag: Tag = testTagOf(contentKey, project);
  try {
    if ((await briefEngine().remoteDigest(`${image}:${tag}`)) !== manifestDigest) return false;
    keepTestRecord(record, tag, project);
    return true;
  } catch (error) {
    note(`Whether the image was tested elsewhere is not known: ${(error as Error).message}`);
    return false;
  }
}
