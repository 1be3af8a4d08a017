import { DockerPythonError, type ErrorCode } from '../errors';
import { clientFailure } from './failures';
import type { ProcessResult } from './process';

interface RegistryFailure {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly message: (registry: string) => string;
  readonly hint: (registry: string) => string;
}

const NO_LOGIN: Omit<RegistryFailure, 'pattern'> = {
  code: 'REGISTRY_UNAUTHORIZED',
  message: (registry) => `${registry} wants a login (401).`,
  hint: (registry) =>
    `Log in before: docker login ${registry}. A token that has expired has to be renewed by the step that logs in.`,
};

/**
 * What registries answer, as Docker, buildx and BuildKit say it, in the order in which an output is asked. Sources: the
 * error codes of the OCI distribution specification; outputs of Docker 28 and buildx 0.29 before a registry that fails.
 */
const REGISTRY_FAILURES: readonly RegistryFailure[] = [
  {
    pattern:
      /blob unknown|MANIFEST_BLOB_UNKNOWN|could not fetch content descriptor .*not found|failed to copy: .*not found/i,
    code: 'REGISTRY_BLOB_MISSING',
    message: (registry) => `${registry} lacks a layer of the image that it should have.`,
    hint: () =>
      'Push again from a machine that has exactly this image: what is missing is sent. If there is none, delete the tag in the registry and push again: the image is built, and sent as a whole.',
  },
  {
    pattern: /toomanyrequests|\b429\b/i,
    code: 'REGISTRY_UNAVAILABLE',
    message: (registry) => `${registry} takes no more requests for now (429).`,
    hint: () => 'Push again later, or with fewer tasks at once: nx affected -t push --parallel=1.',
  },
  // Said together with "pull access denied".
  { ...NO_LOGIN, pattern: /no basic auth credentials/i },
  {
    pattern: /\b40[13]\b.*(?:insufficient_scope)|\b403\b|denied|insufficient_scope/i,
    code: 'REGISTRY_DENIED',
    message: (registry) => `${registry} does not let these credentials do that (403).`,
    hint: (registry) =>
      `Give them the right to write to the repository, or log in as somebody who has it: docker login ${registry}`,
  },
  { ...NO_LOGIN, pattern: /\b401\b|unauthorized|authentication required/i },
  {
    pattern: /name.?unknown|repository name not known|repository .*does not exist|NAME_INVALID/i,
    code: 'REGISTRY_NAME_UNKNOWN',
    message: (registry) => `${registry} has no such repository, and makes none by itself.`,
    hint: () =>
      'Create it there first (Amazon ECR, for one, wants that), or correct "registry" and "image" in docker-python.json.',
  },
  {
    pattern:
      /\b5\d\d\b [A-Z]|status.*\b5\d\d\b|connection (?:reset|refused)|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|no such host|timed? ?out|use of closed network connection|server misbehaving|digest.?invalid|size.?invalid|blob upload (?:invalid|unknown)|network is unreachable/i,
    code: 'REGISTRY_UNAVAILABLE',
    message: (registry) => `${registry} cannot be reached, or fails.`,
    hint: (registry) =>
      `Its own words are above. Try: docker login ${registry}. If it is up, push again; nothing has to be built for that.`,
  },
  {
    // An upload that the registry does not know any more, or a repository that it does not make.
    pattern: /\b404\b|not found/i,
    code: 'REGISTRY_NAME_UNKNOWN',
    message: (registry) => `${registry} knows no such repository.`,
    hint: () => 'Correct "registry" and "image" in docker-python.json, or create the repository there first.',
  },
];

/** The engine is gone, rather than a registry: other words than of a registry that refuses a connection. */
const ENGINE_GONE =
  /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|error during connect|docker\.sock/i;

/**
 * @param reference what was asked for; its first part names the registry
 * @param doing for a failure that is not known
 */
export function registryFailure(result: ProcessResult, reference: string, doing: string): DockerPythonError {
  const output = `${result.stderr}\n${result.stdout}`;
  const known =
    result.exitCode === 127 || ENGINE_GONE.test(output)
      ? undefined
      : REGISTRY_FAILURES.find(({ pattern }) => pattern.test(output));
  if (!known) {
    if (result.exitCode === 124) return timedOut(reference);
    return clientFailure({ ...result, stdout: '', stderr: withoutSecrets(output) }, doing);
  }
  const registry = registryOf(reference);
  const words = withoutSecrets(lastWords(output));
  return new DockerPythonError({
    code: known.code,
    message: `${known.message(registry)} It happened while ${doing}:\n  ${words}`,
    hint: known.hint(registry),
  });
}

export function registryOf(reference: string): string {
  return reference.split('/')[0]!;
}

function timedOut(reference: string): DockerPythonError {
  const registry = registryOf(reference);
  return new DockerPythonError({
    code: 'REGISTRY_UNAVAILABLE',
    message: `${registry} did not answer in time.`,
    hint: `Check the network between this machine and it: docker login ${registry}`,
  });
}

/** The line that says what went wrong; buildx prints it last, Docker may print progress around it. */
function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => /\S/.test(line));
  return (
    lines.findLast((line) => /error|failed|unexpected|denied|unauthorized|unknown/i.test(line)) ??
    lines.at(-1) ??
    ''
  )
    .replace(/^ERROR: /, '')
    .slice(0, 600);
}

/** Registries put upload states, tokens and signatures into addresses; none of them is for a log. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/([a-z+]+:\/\/)[^/\s@]+@/gi, '$1')
    .replaceAll(/(https?:\/\/[^\s?"']+)\?[^\s"']*/gi, '$1')
    .replaceAll(/\b(Bearer|Basic) (?!auth\b)[\w.~+/=-]+/gi, '$1 ***');
}
