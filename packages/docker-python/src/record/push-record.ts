import { z } from 'zod';
import { recordFolder } from './place';
import { readJsonRecord } from './read-json';

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

/** Workspace-relative place of a project's push record. */
export function pushRecordPath(root: string): string {
  return `${recordFolder(root)}/push.json`;
}

export function writePushRecord(record: PushRecord): string {
  return `${JSON.stringify(pushRecordSchema.parse(record), null, 2)}\n`;
}

/** @returns undefined where the text is no push record of this version */
export function readPushRecord(text: string | undefined): PushRecord | undefined {
  return readJsonRecord(pushRecordSchema, text);
}
