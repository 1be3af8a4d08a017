import { posix } from 'node:path';
import { DockerPythonError } from '../../errors';
import { joinInside, resolveInside } from '../files';
import { type DistributionName, distributionName } from '../types';

/** Where a requirement comes from that does not come from an index. */
export type Location =
  /** A repository: `git+https://...@v1`. */
  | { readonly kind: 'vcs'; readonly url: string }
  /** An archive on a server. */
  | { readonly kind: 'url'; readonly url: string }
  /** A folder or an archive of the workspace, workspace-relative. */
  | { readonly kind: 'local'; readonly path: string };

export interface LocatedRequirement {
  readonly name?: DistributionName;
  readonly extras: readonly string[];
  readonly marker?: string;
  readonly location: Location;
}

export interface LocateContext {
  /** Folders that a relative path may start from, the usual one first. */
  readonly bases: readonly string[];
  readonly exists: (path: string) => boolean;
  /** File and line, for messages. */
  readonly from: string;
}

const VCS = /^(?:git|hg|svn|bzr)\+/i;
const URL = /^[a-z][a-z0-9+.-]*:\/\//i;
const ARCHIVE = /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tar)$/i;
/** What `file:` URLs start with when they mean the folder of the manifest: pip, PDM, Hatch. */
const ROOT_VARIABLE = /^(?:\/{0,3}(?:\$\{PROJECT_ROOT\}|\{root:(?:uri|real)\}|\{root\}))\/?/;

/** Whether a line names a place (path or URL) rather than a distribution. pip decides by the same signs. */
export function isDirectReference(text: string, editable: boolean): boolean {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@/.test(text)) return false;
  const target = text.replace(/(?:\s+;.*|;\s+.*)$/s, '');
  return (
    editable ||
    /^file:/i.test(target) ||
    URL.test(target) ||
    VCS.test(target) ||
    /^\{root/.test(target) ||
    target.startsWith('.') ||
    (/[\\/]/.test(target) && !/[<>=!~]/.test(target)) ||
    ARCHIVE.test(target)
  );
}

/**
 * Finds out what a path or URL of a requirement means.
 *
 * @throws DockerPythonError OUTSIDE_WORKSPACE or UNSUPPORTED_PATH
 */
export function locate(text: string, context: LocateContext): LocatedRequirement {
  const [, target = text, marker] = /^(.*?)(?:\s+;\s*|;\s+)(.*)$/s.exec(text) ?? [];
  const withMarker = marker ? { marker } : {};
  const reference = target.trim();
  if (VCS.test(reference) || (URL.test(reference) && !/^file:/i.test(reference))) {
    const kind = VCS.test(reference) ? 'vcs' : 'url';
    return { ...fragment(reference), ...withMarker, location: { kind, url: reference } };
  }
  const [, path = reference, extras = ''] = /^(.*?)\s*\[([^\]]*)\]$/s.exec(
    reference.replace(/#.*$/s, ''),
  ) ?? ['', reference.replace(/#.*$/s, '')];
  const found = { kind: 'local' as const, path: localPath(path, context) };
  return {
    ...(fragment(reference).name ? { name: fragment(reference).name! } : {}),
    extras: splitExtras(extras),
    ...withMarker,
    location: found,
  };
}

/** `#egg=name[extra]` or the name in an archive's file name. */
function fragment(url: string): { name?: DistributionName; extras: readonly string[] } {
  const egg = /#(?:.*&)?egg=([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?/.exec(url);
  if (egg) return { name: distributionName(egg[1]!), extras: splitExtras(egg[2] ?? '') };
  const file = posix.basename(url.replace(/[?#].*$/s, ''));
  const archive = /^([A-Za-z0-9][A-Za-z0-9._]*?)-\d[^/]*\.(?:whl|zip|tar\.gz)$/.exec(file);
  return { ...(archive ? { name: distributionName(archive[1]!) } : {}), extras: [] };
}

function splitExtras(text: string): readonly string[] {
  return text
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
}

function localPath(reference: string, { bases, exists, from }: LocateContext): string {
  const path = reference
    .replace(/^file:(?:\/\/localhost(?=\/))?/i, '')
    .replace(ROOT_VARIABLE, './')
    .replace(/^\/\/(?=\.)/, '');
  if (path.includes('${')) {
    throw new DockerPythonError({
      code: 'UNSUPPORTED_PATH',
      message: `${from} refers to "${reference}", a local path that depends on an environment variable.`,
      hint: 'Write the path relative to the project, so that it can be found at build time.',
    });
  }
  const existing = bases
    .map((base) => (posix.isAbsolute(path) ? undefined : joinInside(base, path)))
    .find((inside) => inside !== undefined && exists(inside));
  return existing ?? resolveInside(bases[0]!, decode(path), from);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a bare percent sign is part of the name
  }
}
