import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { BASE_LOCK_FILE, baseKey } from '../settings/file-name';

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
  // In capitals, as it is rendered: the programs in a Dockerfile have lines that begin with `from` as well.
  const lines = [...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?([^\s@]+)\S*(?: AS (\S+))?/gm)];
  const stages = new Set(lines.map(([, , stage]) => stage));
  const images = new Set(lines.map(([, image]) => image!).filter((image) => !stages.has(image)));
  const fields = [...images].sort().map((image) => `bases.${baseKey(image)}`);
  return fields.length === 0 ? [] : [{ json: `{workspaceRoot}/${BASE_LOCK_FILE}`, fields }];
}
