import type { ErrorCode } from '../errors';

/** A way in which a build fails that a user can mend, by what it prints. Groups of the pattern are at hand for the words. */
interface BuildFailure {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly message: (match: RegExpExecArray) => string;
  readonly hint: (match: RegExpExecArray) => string;
}

/** `name==1.0` or `name`, as installers quote it. */
const PACKAGE = '([A-Za-z0-9][\\w.+!-]*(?:==[\\w.+!-]+)?)';

/** What BuildKit puts in front of a line of a step. */
const LINE = '(?:#\\d+ [\\d.]+ )?\\s*';

/** Where a resolver breaks its lines, as a build shows it. */
const GAP = '(?:\\s|#\\d+ [\\d.]+ )+';

/** What pip says as well where it cannot know whether a package is there: no network, or files for other Pythons. */
const NOT_KNOWN = 'Retrying \\(Retry|Ignored the following versions';

const NO_SUCH_PACKAGE =
  'Check its spelling in the requirements, or of the package that requires it. If it is on a private index, name that index: docs/private-index.md.';

const PYTHON_SETTING = '"python": "3.x" in docker-python.json';

/** In the order in which an output is asked. Sources: what uv 0.13, pip 26, Poetry, PDM, Pipenv and BuildKit print. */
export const BUILD_FAILURES: readonly BuildFailure[] = [
  {
    pattern: new RegExp(
      `hash mismatch(?: for \`${PACKAGE}\`)?|do not match the hashes(?:[^\\n]*\\n${LINE}${PACKAGE} from )?|hashes? mismatch`,
      'i',
    ),
    code: 'BUILD_FAILED',
    message: ([, uv, pip]) =>
      `${uv ?? pip ?? 'A downloaded package'} does not have the hash that the lock file says.`,
    hint: ([, uv, pip]) =>
      `Find out why before anything else: ${uv ?? pip ?? 'the package named above'} was changed on its index, or the lock file was. Then lock again.`,
  },
  {
    // What buildx takes for a second folder to build. Nx splits the values of options that are lists.
    pattern: /'docker buildx build' requires 1 argument/,
    code: 'BUILD_FAILED',
    message: () => 'One of the "extraBuildArgs" is neither an option nor the value of one.',
    hint: () =>
      'On the command line Nx makes several of a value with commas: repeat --extraBuildArgs instead, once for each.',
  },
  {
    pattern:
      /lockfile .* needs to be updated|pyproject\.toml changed significantly|lockfile doesn't satisfy|Pipfile\.lock (?:\(\w+\) )?is out.of.date/i,
    code: 'LOCK_OUT_OF_DATE',
    message: () => 'The lock file does not match the manifest.',
    hint: () =>
      "Lock again with the project's package manager (uv lock, poetry lock, pdm lock, pipenv lock), or where that is not at hand with nx pin-deps <project>, and commit the result.",
  },
  {
    // uv does not name a member that is gone as a reason to lock again.
    pattern: /`([^`\n]+)` references a workspace in [^\n]*not a workspace member/,
    code: 'LOCK_OUT_OF_DATE',
    message: ([, name]) => `${name} is needed, and is no member of the workspace any more.`,
    hint: () =>
      'Add its folder to "members" in [tool.uv.workspace], or remove the dependency on it. Then run "uv lock" and commit the result.',
  },
  {
    pattern: /host key verification failed|no \S+ host key is known for (\S+)/i,
    code: 'BUILD_FAILED',
    message: ([, host]) => `SSH does not know the host key of ${host ?? 'the server that is named above'}.`,
    hint: () =>
      'Write the key that the host publishes into docker/known_hosts of the project ("ssh-keyscan <host>" shows what to compare), then nx sync.',
  },
  {
    pattern: /permission denied \(publickey/i,
    code: 'BUILD_FAILED',
    message: () => 'The SSH server refuses the keys of the agent, or got none.',
    hint: () =>
      'Set "ssh": true in docker-python.json, and see what the agent has: ssh-add -l. ssh-add adds your key.',
  },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer|self.signed certificate/i,
    code: 'BUILD_FAILED',
    message: () =>
      'A build step does not trust the certificate of a server, as behind a TLS-inspecting proxy.',
    hint: () =>
      'Set "caBundle" in docker-python.json to a PEM file with your organisation\'s certificates. On macOS this writes one: security find-certificate -a -p /Library/Keychains/System.keychain /System/Library/Keychains/SystemRootCertificates.keychain > ca.pem. On Windows, certmgr exports them as Base-64 X.509.',
  },
  {
    pattern: /no space left on device/i,
    code: 'BUILD_FAILED',
    message: () => "The engine's disk is full.",
    hint: () =>
      'Free some space: docker system df shows what takes it, docker buildx prune clears the build cache.',
  },
  {
    pattern:
      /(pull access denied|not found|failed to resolve source metadata|failed to do request).*(FROM|docker\.io|library\/)|failed to resolve source metadata/i,
    code: 'BUILD_FAILED',
    message: () => 'The base image cannot be had.',
    hint: () =>
      'Check "base" and "python" in docker-python.json, and that the engine reaches the registry: docker pull <base>.',
  },
  {
    // The figures in front of a line of a step are times, which can be 4.401 as well.
    pattern:
      /(?:unauthorized|forbidden|authorization error|credentials not correct|(?<![.\d])40[13](?![.\d]))[^\n]*?(https?:\/\/[^\s`'"<>()]+)|(https?:\/\/[^\s`'"<>()]+)[^\n]*?(?:(?<![.\d])40[13](?![.\d])|unauthorized|forbidden)/i,
    code: 'INDEX_UNAUTHORIZED',
    message: ([, after, before]) =>
      `${withoutCredentials(after ?? before)} refuses the credentials of the build, or got none.`,
    hint: () =>
      'Give them as secrets: "buildEnv" in docker-python.json, by the name that the package manager reads. docs/private-index.md has the names for each.',
  },
  {
    pattern:
      /found wheels for `([\w.-]+)` \((v[^)]+)\) with the following Python ABI tags?: ([^\n]+)|`([\w.-]+)` \((v[^)]+)\) only has wheels with the following Python ABI tags?: ([^\n]+)/,
    code: 'BUILD_FAILED',
    message: ([, name, version, , other, otherVersion]) =>
      `${name ?? other} ${version ?? otherVersion} has no wheel for the Python of this image, and no source distribution.`,
    hint: ([, , , tags, , , otherTags]) =>
      `Set a Python that it has wheels for: "python": "${newestOf(tags ?? otherTags ?? '')}" in docker-python.json; or require a newer release of the package.`,
  },
  {
    pattern: new RegExp(
      `(?<![\\w.-])([A-Za-z0-9][\\w.-]*)(?:\\[[^\\]]*\\])?${GAP}was${GAP}not${GAP}found${GAP}in${GAP}the${GAP}package${GAP}registry`,
    ),
    code: 'BUILD_FAILED',
    message: ([, name]) => `There is no package "${name}" in the indexes that are asked.`,
    hint: () => NO_SUCH_PACKAGE,
  },
  {
    // pip says the same of a package that has files for other Pythons only, and no source distribution.
    pattern: new RegExp(
      `^(?![\\s\\S]*(?:${NOT_KNOWN}))[\\s\\S]*\\(from versions: none\\)[\\s\\S]*?No matching distribution found for ${PACKAGE}`,
    ),
    code: 'BUILD_FAILED',
    message: ([, name]) =>
      `There is no package "${name}" in the indexes that are asked, or no file of it that fits the Python of this image.`,
    hint: () =>
      `${NO_SUCH_PACKAGE} If it is there and too old for this Python, set an older one: ${PYTHON_SETTING}.`,
  },
  {
    pattern: new RegExp(
      `No solution found when resolving|No matching distribution found for ${PACKAGE}|ResolutionImpossible|has no wheels with a matching Python`,
    ),
    code: 'BUILD_FAILED',
    message: ([, name]) =>
      name === undefined
        ? 'No set of package versions fulfils all requirements; the resolver says below why.'
        : `The index has no ${name} that fits the Python of this image.`,
    hint: () =>
      `Correct the requirement that is named above, or the index. If the version is right but too old for this Python, set an older one: ${PYTHON_SETTING}.`,
  },
  {
    pattern: /The package `([^`]+)` requires `([^`]+)`, but (?:it's not|`([^`]+)` is) installed/,
    code: 'BUILD_FAILED',
    message: ([, name, wanted, installed]) =>
      `${name} requires ${wanted}, and the image ${installed === undefined ? 'has none of it' : `has ${installed}`}.`,
    hint: () =>
      'The list of the project lacks what one of its packages or libraries needs. Add it to the requirements and lock again.',
  },
  {
    pattern: /Failed to build `\/build\/([^`]+)`/,
    code: 'BUILD_FAILED',
    message: ([, folder]) => `The wheel of the library ${folder} could not be built.`,
    hint: ([, folder]) =>
      `Its build backend says above why. "uv build --wheel ${folder}" on your machine shows the same, unless it reads a file that is not sent to the image: tests, documentation and what git ignores are not.`,
  },
  {
    pattern: new RegExp(`Failed to build (?:\`${PACKAGE}|'?${PACKAGE})|Failed building wheel for ${PACKAGE}`),
    code: 'BUILD_FAILED',
    message: ([, uv, pip, wheel]) =>
      `${uv ?? pip ?? wheel} has no wheel for the Python and platform of this image, and building it from source failed.`,
    hint: () =>
      `If it is older than this Python, set an older one: ${PYTHON_SETTING}. If its output above names a header or a program: "systemPackages": { "build": [...] }.`,
  },
];

/** Without user, password and query: whatever a tool printed. */
function withoutCredentials(url = ''): string {
  return url.replace(/\/\/[^/@\s]*@/, '//').replace(/[?#].*$|[.,;:]+$/, '');
}

/** `cp36m`, `cp39` -> 3.9. */
function newestOf(tags: string): string {
  const minors = [...tags.matchAll(/cp3(\d+)/g)].map(([, minor]) => Number(minor));
  return minors.length === 0 ? '3.x' : `3.${Math.max(...minors)}`;
}
