import type { ExecutorContext } from '@nx/devkit';
import { uncommittedFiles } from '../../engine/git';
import { say } from '../../engine/words';
import type { Engine } from '../../engine/types';
import { pushRecordPath, writePushRecord, type PushRecord } from '../../record/push-record';
import { keyTag, type ContentKey } from '../../reference/content-key';
import { deliver } from '../../shipping/deliver';
import { isEverywhere, planPush, type PushPlan } from '../../shipping/plan-push';
import { readStates } from '../../shipping/state';
import { dryRunLines, isForPeople, pushLine } from '../../shipping/report';
import { join } from 'node:path';
import { exchangeFile } from '../files';
import { interruptible, type Interruption } from '../interruption';
import { lastRecord, presentImage } from '../present-image';
import { report, type ProjectInQuestion } from '../project';
import { briefEngine, note, stubbornEngine } from '../registry-engine';
import { testTagOf } from '../smoke-test/test-identity';
import { switchedOff } from '../smoke-test/test-image';
import { reportToCi } from './ci-report';
import { noteForgottenLogins } from './forgotten-logins';
import { orderOf, type PushOptions } from './order';
import { heldDigest, provenImage } from './proven-image';
import { uncommittedNote } from './uncommitted';

/** Sends the image of a project to its registries and sets its tags there. */
export default function pushExecutor(
  options: PushOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  // Who only asks what would happen does not wait half a minute for a registry that is not there.
  const engine = options.dryRun === true ? briefEngine() : stubbornEngine();
  return report(() => interruptible((interruption) => push(engine, options, context, interruption)));
}

/** @throws DockerPythonError */
export async function push(
  engine: Engine,
  options: PushOptions,
  context: ExecutorContext,
  interruption: Interruption,
): Promise<void> {
  const started = performance.now();
  const order = await orderOf(options, context);
  const { project, repositories, tags: moving } = order;
  noteForgottenLogins(project);
  const record = lastRecord(project) ?? (await presentImage(engine, project, context)).record;
  await order.checkPlatforms(engine, record);
  const key = keyTag(record.contentKey as ContentKey);
  const tested = switchedOff(project) === undefined ? testTagOf(record.contentKey, project) : undefined;
  const tags = { key, tested, moving };
  const states = await readStates(engine, repositories, tags);
  const engineHas = isEverywhere(states) ? undefined : await heldDigest(engine, record);
  const plan = planPush(states, tags, engineHas);
  if (!order.ci) await warnOfUncommitted(project, plan);
  if (options.dryRun === true) {
    say(`\n${dryRunLines(project.name, plan, tags).join('\n')}`);
    return;
  }
  const image = await provenImage({ engine, project, context, interruption }, record, plan, states, tested);
  const { digest, deliveries } = await deliver(engine, plan, tags, image);
  const pushed: PushRecord = {
    version: 1,
    project: project.name,
    contentKey: record.contentKey,
    digest,
    platforms: record.platforms,
    images: repositories.map((repository) => ({
      image: repository,
      reference: `${repository}@${digest}`,
      tags: [key, ...moving],
    })),
  };
  exchangeFile(join(context.root, pushRecordPath(project.root)), writePushRecord(pushed));
  reportToCi(pushed, context.root, process.env);
  const seconds = (performance.now() - started) / 1000;
  say(`\n${pushLine(project.name, pushed, deliveries, seconds)}`);
}

/** Git is asked only where a tag for people moves. */
async function warnOfUncommitted(project: ProjectInQuestion, { shipments }: PushPlan): Promise<void> {
  const moves = new Set(shipments.flatMap((shipment) => shipment.moves.filter(isForPeople)));
  if (moves.size === 0) return;
  const text = uncommittedNote(project, await uncommittedFiles(project.workspaceRoot), [...moves]);
  if (text !== undefined) note(`${project.name}: ${text}`);
}
