import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import type { Argv } from '../detection/types';
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
 * - `entrypoint.sh` becomes the entrypoint, below tini. Its arguments are the command: it ends with `exec "$@"`.
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
      return text === undefined ? [] : [[name, readHook(path, text)]];
    }),
  );
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
