import { DockerPythonError, type ErrorCode, type ErrorDetails } from '../errors';
import { BUILD_FAILURES } from './build-failures';
import { failedStep } from './failed-step';
import type { ProcessResult } from './process';
import type { Attestations, BuildRequest } from './types';

interface KnownFailure {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What the client says when it cannot reach an engine. The first that matches names the failure. */
const CLIENT_FAILURES: readonly KnownFailure[] = [
  {
    pattern: /permission denied/i,
    code: 'ENGINE_PERMISSION',
    message: 'You may not use the socket of the container engine.',
    hint: 'Add yourself to its group (sudo usermod -aG docker $USER) and log in again, or use rootless mode.',
  },
  {
    pattern: /is not a docker command|unknown command: docker buildx|unknown shorthand flag|unknown flag/i,
    code: 'BUILDX_MISSING',
    message: 'The docker client has no buildx.',
    hint: 'Install the package docker-buildx (Debian, Ubuntu) or docker-buildx-plugin (Docker), then try "docker buildx version".',
  },
  {
    pattern:
      /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|connection refused|no such host|context .* not found|error during connect/i,
    code: 'ENGINE_NOT_RUNNING',
    message: 'No container engine answers.',
    hint: 'Start it (Docker Desktop, or sudo systemctl start docker), then try "docker version". DOCKER_HOST and "docker context" say where it is looked for.',
  },
];

/** Only the client says this. "Connection refused" may as well come from a build step that wants a package. */
const ENGINE_GONE =
  /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|error during connect/i;

/** How the client begins what the engine says. */
const ANSWERED = /error response from daemon/i;

/** Turns a failed call of the client into an error that says what to do. */
export function clientFailure(result: ProcessResult, doing: string): DockerPythonError {
  // `docker run` ends with 127 as well, where the image lacks the command.
  if (result.exitCode === 127 && !ANSWERED.test(result.stderr)) {
    return new DockerPythonError({
      code: 'ENGINE_MISSING',
      message: 'The program "docker" is not installed, or not on PATH.',
      hint: 'Install Docker Engine 24 or later with buildx, then try "docker version".',
    });
  }
  const output = `${result.stderr}\n${result.stdout}`;
  // An engine that answers is there, and lets us in: what it cannot reach, or may not do, is something else.
  const known = ANSWERED.test(output)
    ? undefined
    : CLIENT_FAILURES.find(({ pattern }) => pattern.test(output));
  if (known) return new DockerPythonError({ code: known.code, message: known.message, hint: known.hint });
  return new DockerPythonError({
    code: 'ENGINE_FAILED',
    message: `The engine failed while ${doing}: ${lastLines(output) || `exit code ${result.exitCode}`}`,
    hint: 'The engine\'s own words are above; "docker version" and "docker info" show its state.',
  });
}

/** Turns a failed build into an error, whose cause is the `FailedStep` where there is one. BuildKit has shown its log. */
export function buildFailure(
  result: ProcessResult,
  { dockerfile, attestations }: Pick<BuildRequest, 'dockerfile' | 'attestations'>,
): DockerPythonError {
  const output = `${result.stderr}\n${result.stdout}`;
  if (result.exitCode === 127 || ENGINE_GONE.test(output)) return clientFailure(result, 'building');
  const scanner = scannerOf(attestations);
  if (scanner !== undefined && isUnresolved(scanner, output)) return scannerMissing(scanner);
  const step = failedStep(output);
  const cause = step === undefined ? {} : { cause: step };
  const known = knownFailure(output);
  if (known) return new DockerPythonError({ ...known, ...cause });
  return new DockerPythonError({
    code: 'BUILD_FAILED',
    message: step
      ? `The step ${step.name} of the build failed.`
      : `The build of ${dockerfile} failed with exit code ${result.exitCode}.`,
    hint: 'What it printed says why. A missing header or library: "systemPackages" in docker-python.json.',
    ...cause,
  });
}

/** The image that lists what is in an image, as BuildKit names it. Source: BuildKit, "SBOM attestations". */
function scannerOf({ sbom }: Attestations = {}): string | undefined {
  return sbom === true ? 'docker/buildkit-syft-scanner' : sbom || undefined;
}

function isUnresolved(image: string, output: string): boolean {
  return output
    .split('\n')
    .some((line) => line.includes('failed to resolve source metadata') && line.includes(image));
}

/** BuildKit asks for it before anything else, so nothing has been built yet. */
function scannerMissing(scanner: string): DockerPythonError {
  return new DockerPythonError({
    code: 'ATTEST_UNSUPPORTED',
    message: `The builder cannot get ${scanner}, the image that makes the SBOM ("attest"). Nothing has been built.`,
    hint: 'Copy that image to a registry that the builder reaches, and name it: "attest": { "sbom": "registry.example.com/buildkit-syft-scanner:stable-1" }.',
  });
}

/** What the output of a build step means, if that is known. */
export function knownFailure(output: string): ErrorDetails | undefined {
  for (const { pattern, code, message, hint } of BUILD_FAILURES) {
    const match = pattern.exec(output);
    if (match) return { code, message: message(match), hint: hint(match) };
  }
  return undefined;
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-5).join('\n');
}
