/** Dockerfile instructions as text. Source: the Dockerfile reference of BuildKit. */

/** Where a mounted CA bundle appears in a build step, if one is given. */
export const CA_BUNDLE = '/run/secrets/ca';

/** Id of the secret that has the proxies of the host, as lines of shell. */
export const PROXIES_SECRET = 'proxy';
const PROXIES = `/run/secrets/${PROXIES_SECRET}`;

/** Mounts for steps that use the network, of what a build was given of the host: its CA bundle, its proxies. */
export const hostMounts = [
  `type=secret,id=ca,target=${CA_BUNDLE}`,
  `type=secret,id=${PROXIES_SECRET},target=${PROXIES}`,
];

/** A shell line that makes every client use the proxies, if there are any. */
export const useProxies = `[ ! -s ${PROXIES} ] || . ${PROXIES}`;

/** Whether the steps of a Dockerfile, which may be anybody's, take the proxies from that mount. */
export function mountsProxies(dockerfile: string): boolean {
  return dockerfile.includes(hostMounts[1]!);
}

/** Shell lines that make every client trust the bundle, if it is there. A PIP_CERT without a file makes pip fail. */
export const trustCaBundle = [
  `[ ! -s ${CA_BUNDLE} ] || export SSL_CERT_FILE=${CA_BUNDLE} PIP_CERT=${CA_BUNDLE} REQUESTS_CA_BUNDLE=${CA_BUNDLE} \\`,
  `  CURL_CA_BUNDLE=${CA_BUNDLE} GIT_SSL_CAINFO=${CA_BUNDLE}`,
];

/** All times of what a stage hands over: reproducible, and not before 1980, which zip files cannot hold. */
export const EPOCH = 315532800;

/** A RUN step: mounts, then a script in a heredoc that stops at the first failure. A blank line ends it, as hadolint wants. */
export function run(mounts: readonly string[], script: readonly string[]): string {
  const head = ['RUN', ...mounts.map((mount) => `--mount=${mount}`)].join(' \\\n    ');
  return [`${head} <<EOF`, 'set -eu', ...script, 'EOF', ''].join('\n');
}

/** For steps that install system packages: the newest ones, for the sake of security updates. */
export const UNPINNED = '# Unpinned on purpose: security updates.\n# hadolint ignore=DL3008';

/** ENV with every value quoted: nothing in it is expanded. */
export function env(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `ENV ${name}=${quoted(value)}`)
    .join('\n');
}

/** Exec form: JSON, so no shell and no expansion. */
export function exec(instruction: 'ENTRYPOINT' | 'CMD', argv: readonly string[]): string {
  return `${instruction} ${JSON.stringify(argv)}`;
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"$]/g, '\\$&')}"`;
}
