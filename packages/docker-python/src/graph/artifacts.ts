import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { stringAt, valueAt } from '../detection/toml';
import { planArtifacts } from '../plan/artifacts';
import { SETTINGS_FILE } from '../settings/file-name';

/** `web:build` of another project, or a target of this one. */
export function dependency(target: string): string | { projects: string[]; target: string } {
  const at = target.lastIndexOf(':');
  return at === -1 ? target : { projects: [target.slice(0, at)], target: target.slice(at + 1) };
}

/** The artifacts of a settings file that may be wrong in any way; then the target itself says so. */
export function artifactsOf(root: string, settings: object): readonly { target: string; from: string }[] {
  const listed = valueAt(settings, 'artifacts');
  try {
    const entries = (Array.isArray(listed) ? (listed as readonly unknown[]) : []).flatMap((entry) => {
      const [target, from] = [stringAt(entry, 'target'), stringAt(entry, 'from')];
      return target === undefined || from === undefined ? [] : [{ target, from, to: 'x' }];
    });
    return planArtifacts(entries, [root]);
  } catch {
    return [];
  }
}

/** Names of the projects whose outputs go into the image of a project, as its own settings say. */
export function makersOf(files: FileSource, root: string): readonly string[] {
  const settings = lenientJson(files.read(posix.join(root, SETTINGS_FILE)));
  return artifactsOf(root, settings).flatMap(({ target }) => {
    const needed = dependency(target);
    return typeof needed === 'string' ? [] : needed.projects;
  });
}

/** Settings as far as they are JSON; what is wrong with them the target says when it runs. */
export function lenientJson(text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
