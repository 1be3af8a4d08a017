import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { sameImage, type Identity } from '../../build/same-image';
import type { Engine } from '../../engine/types';
import type { ImageRecord } from '../../record/image-record';
import { readTestRecord, testRecordPath } from '../../record/test-record';
import { keyTag, type ContentKey } from '../../reference/content-key';
import type { Tag } from '../../reference/image-name';
import { isTestedThere, type PushPlan } from '../../shipping/plan-push';
import type { RepositoryState } from '../../shipping/state';
import { readIfPresent } from '../files';
import type { Interruption } from '../interruption';
import { presentImage } from '../present-image';
import type { ProjectInQuestion } from '../project';
import { note } from '../registry-engine';
import { keepTestRecord } from '../smoke-test/test-identity';
import { testImage } from '../smoke-test/test-image';

export interface Surroundings {
  readonly engine: Engine;
  readonly project: ProjectInQuestion;
  readonly context: ExecutorContext;
  readonly interruption: Interruption;
}

/**
 * Digest under which the engine would send the image that it has under the key of a record. Only containerd's store keeps
 * manifests, and the id is the digest there; any other engine makes one anew, and not that of an image that it pulled.
 */
export async function heldDigest(
  engine: Pick<Engine, 'inspect'>,
  record: ImageRecord,
): Promise<string | undefined> {
  const image = await engine.inspect(keyName(record));
  return image?.imageId === image?.manifestDigest ? image?.manifestDigest : undefined;
}

/**
 * Makes sure that what is about to be pushed has passed its smoke test: by the registry's word, by the test record, or
 * by testing it now. Only in the last case, and where no registry has the image, does it have to be in the engine.
 *
 * @param tested tag of the test that has to be passed; none where it is switched off
 * @returns reference by which the engine has the image, if it has it
 * @throws DockerPythonError where it does not pass; nothing has been pushed then
 */
export async function provenImage(
  { engine, project, context, interruption }: Surroundings,
  record: ImageRecord,
  { digest }: PushPlan,
  states: readonly RepositoryState[],
  tested: Tag | undefined,
): Promise<string> {
  const wanted = digest === undefined ? record : { ...record, imageId: digest, manifestDigest: digest };
  const passed = (image: Identity): boolean =>
    tested === undefined ||
    (image.manifestDigest !== undefined && isTestedThere(states, image.manifestDigest)) ||
    hasPassed(image, project, tested);
  if (digest !== undefined && passed(wanted)) return keyName(record);
  const image = await presentImage(engine, project, context, wanted);
  if (!passed(image.record)) {
    note(`${project.name}: this image is not the one that was tested, so it is tested before the push.`);
    await testImage(image.reference, project, interruption);
    keepTestRecord(image.record, tested!, project);
  }
  return image.reference;
}

function hasPassed(image: Identity, project: ProjectInQuestion, tested: Tag): boolean {
  const record = readTestRecord(readIfPresent(join(project.workspaceRoot, testRecordPath(project.root))));
  return record !== undefined && record.testTag === tested && sameImage(record, image);
}

function keyName({ image, contentKey }: ImageRecord): string {
  return `${image}:${keyTag(contentKey as ContentKey)}`;
}
