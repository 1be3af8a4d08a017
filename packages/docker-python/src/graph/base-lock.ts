import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { BASE_LOCK_FILE, baseKey } from '../settings/base-lock';

/** An input of Nx that is part of a JSON file. */
interface JsonInput {
  readonly json: string;
  readonly fields: string[];
}

/**
 * What of the base lock belongs to a project: the entries of the images that its Dockerfile begins with. Which those
 * are would otherwise take a detection of the Python version; the Dockerfile follows it, or the build refuses it.
 */
export function baseLockInputs(files: FileSource, root: string): JsonInput[] {
  if (files.read(BASE_LOCK_FILE) === undefined) return [];
  const dockerfile = files.read(posix.join(root, 'Dockerfile')) ?? '';
  const images = [...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?([^\s@]+)/gim)].map(
    ([, image]) => image!,
  );
  // A stage has no tag and no registry in its name; an image without either is only hashed more than it need be.
  const fields = [...new Set(images)].sort().map((image) => `bases.${baseKey(image)}`);
  return fields.length === 0 ? [] : [{ json: `{workspaceRoot}/${BASE_LOCK_FILE}`, fields }];
}
