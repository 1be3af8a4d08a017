import type { PushRecord } from '../record/push-record';
import type { Delivery } from './deliver';
import type { PushPlan } from './plan-push';
import type { ShippedTags } from './state';

/** One line that sums up a push: what, which digest, what travelled, which tags moved. */
export function pushLine(
  project: string,
  { digest, images }: PushRecord,
  deliveries: readonly Delivery[],
  seconds: number,
): string {
  const moved = deliveries.flatMap(({ repository, moved: tags }) =>
    tags.filter(isForPeople).map((tag) => (deliveries.length > 1 ? `${repository}:${tag}` : tag)),
  );
  const travelled = deliveries.filter(({ image }) => image !== 'present').length;
  return [
    `${project}: ${images.map(({ image }) => image).join(', ')}`,
    digest.slice(0, 19),
    travelled === 0
      ? 'unchanged: the registry had the image'
      : `pushed${deliveries.length > 1 ? ` to ${travelled} of ${deliveries.length} registries` : ''}`,
    moved.length > 0 ? `tags set: ${moved.join(', ')}` : 'no tag had to move',
    `${seconds.toFixed(1)} s`,
  ].join(' · ');
}

/** What a push would do, a line for each registry. */
export function dryRunLines(project: string, plan: PushPlan, { moving }: ShippedTags): readonly string[] {
  return [
    `${project}: dry run, nothing is sent`,
    ...plan.shipments.map(({ repository, image, moves }) => {
      const moved = moves.filter(isForPeople);
      const kept = moving.filter((tag) => !moved.includes(tag));
      return [
        `  ${repository}: ${image === 'present' ? 'has the image' : `would get the image ${image}`}`,
        moved.length > 0 ? `would set ${moved.join(', ')}` : 'no tag would move',
        ...(kept.length > 0 ? [`${kept.join(', ')} already there`] : []),
      ].join(' · ');
    }),
  ];
}

/** Tags of tests are for machines. */
export function isForPeople(tag: string): boolean {
  return !tag.startsWith('st-');
}
