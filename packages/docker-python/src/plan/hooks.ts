import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { DOCKERFILES, isManaged } from '../detection/frameworks/dockerfile-text';
import { runsItsArguments } from '../detection/frameworks/entry-script';
import type { Argv, Finding } from '../detection/types';
import { DockerPythonError } from '../errors';

/**
 * Hooks: scripts of the user, found by file name in the project's `docker` folder. Nothing has to be switched on.
 *
 * - `install-system-packages.sh` runs as root in the base image with the argument `runtime`, and in the builder with
 *   `build`, each time before the packages of the plan are installed: it may add a package source, or install
 *   something itself. What the plan infers is switched off with `"systemPackages": { "infer": false }`.
 * - `install-dependencies.sh` replaces the installation of dependencies. It runs in the builder with the manifests
 *   around it and an empty virtualenv, which is `$VIRTUAL_ENV` and on PATH. If it mentions `$REQUIREMENTS`, that is
 *   the exported list.
 * - `build-code.sh` runs where the project lies in the image, after its tree is placed, with the dependencies and the
 *   builder's packages at hand. What it leaves below that folder is part of the image.
 * - `entrypoint.sh` becomes the entrypoint, below tini. Its arguments are the command: it ends with `exec "$@"`. A
 *   shell script that never runs its arguments was written for something else, and is no hook.
 */
export const HOOK_FILES = {
  systemPackages: 'docker/install-system-packages.sh',
  dependencies: 'docker/install-dependencies.sh',
  buildCode: 'docker/build-code.sh',
  entrypoint: 'docker/entrypoint.sh',
} as const;

export type HookName = keyof typeof HOOK_FILES;

/** A script that a build step or the container runs. It need not be executable: its interpreter is named. */
export interface Hook {
  /** Workspace-relative. */
  readonly path: string;
  /** What its first line says, `sh` if that says nothing. */
  readonly interpreter: Argv;
  /** Whether it uses the exported list of packages. */
  readonly readsList: boolean;
}

export type Hooks = Readonly<Partial<Record<HookName, Hook>>>;

/**
 * The hooks of a project.
 *
 * @throws DockerPythonError INVALID_HOOK for line ends that no shell in a container understands
 */
export function findHooks(files: FileSource, root: string): Hooks {
  return Object.fromEntries(
    Object.entries(HOOK_FILES).flatMap(([name, file]) => {
      const path = posix.join(root, file);
      const text = files.read(path);
      if (text === undefined || (name === 'entrypoint' && !isEntrypoint(text))) return [];
      return [[name, readHook(path, text)]];
    }),
  );
}

/** Whether a script hands over to its arguments. Programs in other languages do it in ways of their own. */
function isEntrypoint(text: string): boolean {
  const shell =
    /(?:^|\/|\s)(?:ba|da|a|k|z)?sh$/.test(interpreterOf(text)[0]!) || /^#!.*\benv\s+\S*sh\b/.test(text);
  return !shell || runsItsArguments(text);
}

/** What deserves attention about an entrypoint that its author may have meant for another image. */
export function hookFindings(files: FileSource, root: string): readonly Finding[] {
  const path = posix.join(root, HOOK_FILES.entrypoint);
  const text = files.read(path);
  if (text === undefined) return [];
  if (!isEntrypoint(text)) {
    return [
      {
        code: 'ENTRYPOINT_NOT_USED',
        message: `${path} is not used: an entrypoint of the image gets the command as its arguments, and this script never runs them as one.`,
        hint: 'If it is to run before the command, end it with: exec "$@". If not, nothing has to be done.',
      },
    ];
  }
  const dockerfile = DOCKERFILES.map((name) => posix.join(root, name)).find((name) => {
    const content = files.read(name) ?? '';
    return !isManaged(content) && /^[ \t]*(?:ENTRYPOINT|CMD|COPY|ADD)\b.*entrypoint\.sh/m.test(content);
  });
  return dockerfile === undefined
    ? []
    : [
        {
          code: 'ENTRYPOINT_OF_ANOTHER_IMAGE',
          message: `${path} becomes the entrypoint of the image because of its name. ${dockerfile} uses it as well, so it may count on what that image has: other paths, root, or tools such as gosu.`,
          hint: 'Read it once with that in mind. To keep it out, rename it: only docker/entrypoint.sh is a hook.',
        },
      ];
}

function readHook(path: string, text: string): Hook {
  if (text.includes('\r\n')) {
    throw new DockerPythonError({
      code: 'INVALID_HOOK',
      message: `${path} has Windows line ends (CRLF), with which no shell in a container runs it.`,
      hint: 'Save it with LF, and keep it so with the line "*.sh text eol=lf" in .gitattributes.',
    });
  }
  return { path, interpreter: interpreterOf(text), readsList: /\$\{?REQUIREMENTS\b/.test(text) };
}

/** As the kernel reads it: a path and at most one argument. Source: execve(2), "Interpreter scripts". */
function interpreterOf(text: string): Argv {
  const [, path, argument] = /^#![ \t]*(\S+)(?:[ \t]+([^\n]*\S))?[ \t]*(?:\n|$)/.exec(text) ?? [];
  return path === undefined ? ['sh'] : argument === undefined ? [path] : [path, argument];
}
