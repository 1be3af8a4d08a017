import { DockerPythonError } from '../errors';
import type { Argv } from './argv';
import { runProcess, type ProcessRunner } from './process';

/** What a base image is now. */
export interface ResolvedBase {
  /** Of the list of all platforms, where there is one. Absent for an image that no registry has ever had. */
  readonly digest?: string;
  readonly origin: 'registry' | 'engine';
}

/** A registry that does not answer must not hold up a job for long. */
const TIMEOUT_MS = 60_000;

/** Source: the reference of `docker buildx imagetools inspect`; the template sees an OCI descriptor. */
export function remoteManifestArgv(reference: string): Argv {
  return ['buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', reference];
}

/**
 * Which image a reference stands for now: what its registry says, else what this machine's engine has of it. Nothing is
 * downloaded.
 *
 * @throws DockerPythonError BASE_UNRESOLVED where neither has it
 */
export async function resolveBase(
  reference: string,
  start: ProcessRunner = runProcess,
): Promise<ResolvedBase> {
  const ask = (argv: Argv): ReturnType<ProcessRunner> =>
    start('docker', argv, { output: 'capture', timeoutMs: TIMEOUT_MS });
  const remote = await ask(remoteManifestArgv(reference));
  if (remote.exitCode === 0) {
    const { digest } = JSON.parse(remote.stdout) as { digest: string };
    return { digest, origin: 'registry' };
  }
  const local = await ask(['image', 'inspect', '--format', '{{json .RepoDigests}}', reference]);
  if (local.exitCode === 0) {
    const digests = (JSON.parse(local.stdout) as readonly string[] | null) ?? [];
    // A digest under another name is no way to this image: BuildKit looks for it under the name in FROM.
    const own = digests.find((entry) => repositoryOf(entry) === repositoryOf(reference));
    return { ...(own === undefined ? {} : { digest: own.split('@')[1]! }), origin: 'engine' };
  }
  throw new DockerPythonError({
    code: 'BASE_UNRESOLVED',
    message: `Neither its registry nor the engine knows the base image ${reference}: ${lastLine(remote.stderr)}`,
    hint: `Log in or check the network if the registry should answer (docker buildx imagetools inspect ${reference}); correct "base" if there is no such image. Nothing was changed.`,
  });
}

/** `docker.io/library/python:3.13@sha256:...` -> `python`: the name as the engine writes it. */
function repositoryOf(reference: string): string {
  return reference
    .replace(/@.*$/, '')
    .replace(/:[^:/]*$/, '')
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\//, '');
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) || 'no answer';
}
