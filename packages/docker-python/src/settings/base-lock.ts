import { z } from 'zod';
import { BASE_LOCK_FILE, baseKey } from './file-name';
import { parseJson, parseWith } from './parse';

/** What the base lock says of one base image. */
export interface BasePin {
  /** Reference of the image, as settings write it after the Python version is filled in. */
  readonly image: string;
  /** Absent where no registry has the image, or where the reference has a digest itself. */
  readonly digest?: string;
  /** Day of the packages of the operating system, as in 2026-11-25: another day renews them. */
  readonly packages: string;
}

export type BaseLock = readonly BasePin[];

const pin = z.strictObject({
  image: z.string().min(1),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'is no digest')
    .optional(),
  packages: z.iso.date(),
});

const lockSchema = z
  .strictObject({ version: z.literal(1), bases: z.record(z.string(), pin) })
  .describe(
    'Base images with their digests, and the day of their packages; made by nx g docker-python:refresh',
  );

/**
 * The base lock of a workspace.
 *
 * @param text content of the file; undefined where there is none
 * @throws DockerPythonError INVALID_SETTINGS, UNKNOWN_SETTING
 */
export function readBaseLock(text: string | undefined): BaseLock {
  if (text === undefined) return [];
  const { bases } = parseWith(lockSchema, parseJson(text, BASE_LOCK_FILE), BASE_LOCK_FILE);
  return Object.values(bases).map(({ image, digest, packages }) => ({
    image,
    packages,
    ...(digest === undefined ? {} : { digest }),
  }));
}

/** The text of a base lock, the same for the same pins in any order. */
export function writeBaseLock(pins: BaseLock): string {
  const sorted = [...pins].sort((a, b) => (a.image < b.image ? -1 : 1));
  const bases = Object.fromEntries(sorted.map((entry) => [baseKey(entry.image), entry]));
  return `${JSON.stringify({ version: 1, bases }, null, 2)}\n`;
}
