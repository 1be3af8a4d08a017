import { z } from 'zod';
import { readJsonRecord } from './read-json';

export { testRecordPath } from './place';

/**
 * The test record: which image has passed its smoke test, and which test that was. The output of `smoke-test`, which
 * Nx caches, so it holds no path, no time, no host.
 */
const testRecordSchema = z.strictObject({
  version: z.literal(1),
  contentKey: z.string(),
  imageId: z.string(),
  manifestDigest: z.string().optional(),
  /** The tag that says in a registry which test was passed: `st-<digest>`. */
  testTag: z.string(),
});

export type TestRecord = z.infer<typeof testRecordSchema>;

export function writeTestRecord(record: TestRecord): string {
  return `${JSON.stringify(testRecordSchema.parse(record), null, 2)}\n`;
}

/** @returns undefined where there is none of this version: as good as not tested */
export function readTestRecord(text: string | undefined): TestRecord | undefined {
  return readJsonRecord(testRecordSchema, text);
}
