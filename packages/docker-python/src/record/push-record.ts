import { z } from 'zod';
import { readJsonRecord } from './read-json';

export { pushRecordPath } from './place';

/** The push record: what registries have confirmed. For whatever deploys: `image@digest` is exactly what was tested. */
const pushRecordSchema = z.strictObject({
  version: z.literal(1),
  project: z.string(),
  contentKey: z.string(),
  digest: z.string(),
  platforms: z.array(z.string()),
  /** One entry for each registry, the one that names the image first. */
  images: z
    .array(
      z.strictObject({
        image: z.string(),
        /** `image@digest`. */
        reference: z.string(),
        tags: z.array(z.string()),
      }),
    )
    .min(1),
});

export type PushRecord = z.infer<typeof pushRecordSchema>;

export function writePushRecord(record: PushRecord): string {
  return `${JSON.stringify(pushRecordSchema.parse(record), null, 2)}\n`;
}

/** @returns undefined where the text is no push record of this version */
export function readPushRecord(text: string | undefined): PushRecord | undefined {
  return readJsonRecord(pushRecordSchema, text);
}
