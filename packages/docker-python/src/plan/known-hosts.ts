import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { DockerPythonError } from '../errors';

/** Host keys for SSH that a project adds to those of GitHub, GitLab and Bitbucket. Part of no image. */
export const KNOWN_HOSTS_FILE = 'docker/known_hosts';

/** A comment, or host names, key type and key, perhaps after a marker. Source: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
const ENTRY = /^\s*(#.*)?$|^(@[\w-]+\s+)?\S+\s+[a-z][\w@.-]+\s+[A-Za-z0-9+/]{16,}={0,2}(\s.*)?$/;

/**
 * What a project adds, or undefined if it adds nothing.
 *
 * @throws DockerPythonError INVALID_HOOK for a line that ssh would not understand
 */
export function readKnownHosts(files: FileSource, root: string): string | undefined {
  const path = posix.join(root, KNOWN_HOSTS_FILE);
  const text = files.read(path)?.replaceAll('\r\n', '\n');
  const wrong = text?.split('\n').findIndex((line) => !ENTRY.test(line)) ?? -1;
  if (wrong === -1) return text;
  throw new DockerPythonError({
    code: 'INVALID_HOOK',
    message: `${path}, line ${wrong + 1}: no host key.`,
    hint: 'Each line is "host key-type key", as ssh-keyscan prints them. Compare them with what the host publishes.',
  });
}
