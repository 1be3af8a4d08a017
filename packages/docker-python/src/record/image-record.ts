import { z } from 'zod';
import { DockerPythonError } from '../errors';
import { readJsonRecord } from './read-json';

export { recordPath, SHIPPED } from './place';

/**
 * The image record: the small output of `docker-build` that says which image stands for which content key.
 * Nx caches it and may hand it to any other machine, so it holds no path, no time, no host, no secret.
 */
const imageRecordSchema = z.strictObject({
  version: z.literal(1),
  contentKey: z.string().regex(/^[0-9a-f]{40}$/),
  /** Repository without a tag. */
  image: z.string(),
  imageId: z.string(),
  manifestDigest: z.string().optional(),
  platforms: z.array(z.string()),
  base: z.string(),
  /** Diff ids of the layers, base first. */
  layers: z.array(z.string()),
  /** Bytes. */
  size: z.number(),
});

export type ImageRecord = z.infer<typeof imageRecordSchema>;

export function writeRecord(record: ImageRecord): string {
  return `${JSON.stringify(imageRecordSchema.parse(record), null, 2)}\n`;
}

/** @throws DockerPythonError INVALID_RECORD */
export function readRecord(text: string, path: string): ImageRecord {
  const record = readJsonRecord(imageRecordSchema, text);
  if (record) return record;
  throw new DockerPythonError({
    code: 'INVALID_RECORD',
    message: `${path} is no image record of this version.`,
    hint: 'Delete it and run docker-build again.',
  });
}
