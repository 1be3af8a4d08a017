import { DockerPythonError } from '../../errors';
import type { Argv, Finding } from '../types';
import { parseSpecifiers, parseVersion, pinnedVersion, satisfies } from './pep440';

/**
 * Versions of the tools that read lock files in an image's `lock` stage. uv is also the installer, so this is the
 * one place where its version stands. Raising one of them re-runs that stage for everybody, and nothing else.
 */
export const UV_VERSION = '0.13.9';

/** uv as a requirement that an installer takes. */
export const UV = `uv==${UV_VERSION}`;

/** The newest pip for each Python. Source: `Requires-Python` of its releases. */
const PIP_VERSIONS: Readonly<Record<string, string>> = {
  '3.6': '21.3.1',
  '3.7': '24.0',
  '3.8': '25.0.1',
  '3.9': '26.0.1',
};

/** pip for images that somebody works in, or whose dependencies it installs. */
export function pipVersion(python: string): string {
  return PIP_VERSIONS[python] ?? '26.3';
}

/** Placeholder in a recipe's commands: the file to write. */
export const OUTPUT = '{output}';

/** Placeholder in a recipe's commands: the folder that holds the plugin's helper scripts (`requirements.py`). */
export const SCRIPTS = '{scripts}';

/** The helper program that prepares pins for whoever makes them anew; it is there only while that is done. */
export const PINS: Argv = ['python', `${SCRIPTS}/pins.py`];

/**
 * A command of a tool that does not say which index refused it: the helper program asks those of the manifest.
 *
 * @param manifest relative to where the command runs
 */
export function asking(manifest: string, command: Argv): Argv {
  return ['python', `${SCRIPTS}/requirements.py`, 'asking', manifest, ...command];
}

/** Last step after a manager's own export: canonical form, without packages of the repository itself. */
export const LIST_AGAIN: Argv = ['python', `${SCRIPTS}/requirements.py`, 'list', OUTPUT, OUTPUT];

/** A tool with everything that it needs, tested together. */
export interface ToolSet {
  readonly name: string;
  readonly version: string;
  readonly requirements: readonly string[];
}

/** The tested set that a project's own bound allows, the newest first; else the one version that it pins. */
export function chooseTool(
  sets: readonly ToolSet[],
  asked: string | undefined,
  from: string,
): {
  readonly version: string;
  readonly requirements: readonly string[];
  readonly findings: readonly Finding[];
} {
  const [newest] = sets as readonly [ToolSet, ...ToolSet[]];
  const text = asked?.trim() ?? '';
  const clauses = parseSpecifiers(/^\d/.test(text) ? `==${text}` : text);
  const tested = clauses ? sets.find(({ version }) => satisfies(parseVersion(version)!, clauses)) : newest;
  if (tested) return { ...tested, findings: [] };
  const pinned = pinnedVersion(/^\d/.test(text) ? `==${text}` : text);
  const major = sets.find(({ version }) => version.split('.')[0] === pinned?.split('.')[0]) ?? newest;
  const known = sets.map(({ version }) => version).join(' and ');
  if (pinned === undefined) {
    throw new DockerPythonError({
      code: 'UNSUPPORTED_PROJECT',
      message: `${from} requires ${newest.name} ${text}; the tested versions are ${known}.`,
      hint: `Allow one of them, or pin one version ("==x.y.z").`,
    });
  }
  return {
    version: pinned,
    requirements: major.requirements.map((entry) =>
      entry.replace(`${newest.name}==${major.version}`, `${newest.name}==${pinned}`),
    ),
    findings: [untestedTool(newest.name, text, known, from)],
  };
}

/** A version of a tool that is used because the project pins it. */
function untestedTool(name: string, asked: string, known: string, from: string): Finding {
  return {
    code: 'untested-tool',
    message: `${from} requires ${name} ${asked}; the tested versions are ${known}.`,
    hint: 'Nothing to do if the build works. Allow a tested version to be on the safe side.',
  };
}
