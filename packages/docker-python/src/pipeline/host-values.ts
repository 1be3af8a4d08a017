import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readEnvFile } from '../detection/env-file';
import { secretsDigest } from '../reference/secrets-digest';

/**
 * Values of this machine: its environment, a file with further variables, files with secrets. Also what Nx asks for
 * its hash, so it loads nothing that takes time.
 */

/** Where this machine keeps values. */
export interface Host {
  /** Absolute. */
  readonly workspaceRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Workspace-relative; stands in for variables that are not set. */
  readonly envFile?: string;
}

/** Reads values of one machine. */
export interface HostValues {
  /** Variables that only the file with further variables has. */
  readonly fromFile: Readonly<Record<string, string>>;
  variable(name: string): string | undefined;
  /** The absolute path of a file with a secret, whether it is there or not. */
  path(file: string): string;
  /** Its text, or undefined if it is not there. */
  text(file: string): string | undefined;
}

export function hostValues({ workspaceRoot, env, envFile }: Host): HostValues {
  const written = envFile === undefined ? [] : readEnvFile(read(resolve(workspaceRoot, envFile)) ?? '');
  const fromFile = Object.fromEntries(written.filter(([name]) => env[name] === undefined));
  const path = (file: string): string =>
    resolve(
      workspaceRoot,
      file.replace(/^~(?=[\\/])/, () => homedir()),
    );
  return {
    fromFile,
    variable: (name) => env[name] ?? fromFile[name],
    path,
    text: (file) => read(path(file)),
  };
}

/** What a digest is made of. */
export interface DigestQuestion {
  /** Absent where none of the values is a secret. */
  readonly salt?: string;
  /** Names of variables of the host. */
  readonly variables: readonly string[];
  /** As in the settings. */
  readonly files: readonly string[];
}

/** A digest of values of this machine. One that is not there counts as well: it may be there the next time. */
export function hostDigest(question: DigestQuestion, values: HostValues): string {
  return secretsDigest(question.salt ?? '', [
    ...question.variables.map((name) => [name, values.variable(name)] as const),
    ...question.files.map((file) => [file, values.text(file)] as const),
  ]);
}

/** Whether an agent listens where SSH would ask it. Windows has a pipe for that, which is no file. */
export function hasSshAgent(env: Host['env'], platform: NodeJS.Platform): boolean {
  const socket = env['SSH_AUTH_SOCK'];
  return platform === 'win32' || (socket !== undefined && socket !== '' && existsSync(socket));
}

/** Whether a file of the workspace is there. */
export function isThere(workspaceRoot: string, path: string): boolean {
  return existsSync(join(workspaceRoot, path));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // told apart from an empty one by whoever needs it
  }
}
