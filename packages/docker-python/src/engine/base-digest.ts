import { setTimeout } from 'node:timers/promises';
import { DockerPythonError } from '../errors';
import type { Argv } from './argv';
import { runProcess, type ProcessResult, type ProcessRunner } from './process';
import { isAbsent } from './registries';
import { registryFailure } from './registry-failures';
import { repositoryOf } from './repository-of';
import { PATIENT, withPatience, type Patience } from './retries';
import { sayBeside } from './words';

/** What a base image is now. */
export interface ResolvedBase {
  /** Of the list of all platforms, where there is one. Absent for an image that no registry has ever had. */
  readonly digest?: string;
  readonly origin: 'registry' | 'engine' | 'lock';
  /** Why the one of the lock stays: what the registry said, in one line. */
  readonly reason?: string;
}

/** For one of several attempts: a registry that does not answer must not hold up a job for long. */
const TIMEOUT_MS = 15_000;

const PATIENCE: Patience = { pausesMs: PATIENT, pause: (ms) => setTimeout(ms), note: sayBeside };

/** What a machine without a way to any registry says, again and again. One that fails says other things. */
const OFFLINE = /no such host|network is unreachable|no route to host/i;

/** Source: the reference of `docker buildx imagetools inspect`; the template sees an OCI descriptor. */
export function remoteManifestArgv(reference: string): Argv {
  return ['buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', reference];
}

/**
 * Which image a reference stands for now: what its registry says, else what this machine's engine has of it. Nothing is
 * downloaded. What the engine has may be older than what the lock says, so that a registry that only fails does not
 * bring it in there.
 *
 * @param locked what the lock says
 * @throws DockerPythonError BASE_UNRESOLVED where nobody has it
 */
export async function resolveBase(
  reference: string,
  locked?: string,
  start: ProcessRunner = runProcess,
  patience: Patience = PATIENCE,
): Promise<ResolvedBase> {
  const ask = (argv: Argv): ReturnType<ProcessRunner> =>
    start('docker', argv, { output: 'capture', timeoutMs: TIMEOUT_MS });
  let words: string;
  try {
    const remote = await withPatience(
      async () => answerOf(await ask(remoteManifestArgv(reference)), reference),
      patience,
    );
    if (remote.exitCode === 0) {
      const { digest } = JSON.parse(remote.stdout) as { digest: string };
      return { digest, origin: 'registry' };
    }
    words = remote.stderr.trim().split('\n').at(-1) || 'no answer';
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    words = error.message.replaceAll(/\s+/g, ' ');
    if (locked !== undefined) return { digest: locked, origin: 'lock', reason: words };
  }
  const local = await ask(['image', 'inspect', '--format', '{{json .RepoDigests}}', reference]);
  if (local.exitCode === 0) {
    const digests = (JSON.parse(local.stdout) as readonly string[] | null) ?? [];
    // A digest under another name is no way to this image: BuildKit looks for it under the name in FROM.
    const own = digests.find((entry) => repositoryOf(entry) === repositoryOf(reference));
    return { ...(own === undefined ? {} : { digest: own.split('@')[1]! }), origin: 'engine' };
  }
  // A registry that has lost it says so: nobody else will be able to build from it either.
  if (locked !== undefined && OFFLINE.test(words)) return { digest: locked, origin: 'lock', reason: words };
  throw new DockerPythonError({
    code: 'BASE_UNRESOLVED',
    message: `Neither its registry nor the engine knows the base image ${reference}: ${words}`,
    hint: `Log in or check the network if the registry should answer (docker buildx imagetools inspect ${reference}); correct "base" if there is no such image. Nothing was changed.`,
  });
}

/** @throws DockerPythonError where a registry fails, rather than has no such image */
function answerOf(result: ProcessResult, reference: string): ProcessResult {
  const said =
    result.exitCode === 0 || result.exitCode === 127 || isAbsent(result) || OFFLINE.test(result.stderr);
  if (said) return result;
  const hosted = /^(?:localhost|[^/]*[.:][^/]*)\//.test(reference);
  throw registryFailure(result, hosted ? reference : `docker.io/${reference}`, `asking for ${reference}`);
}
