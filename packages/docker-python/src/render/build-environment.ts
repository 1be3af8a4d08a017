import type { BuildEnvironment, BuildSecret } from '../plan/build-environment';
import type { IndexCredentials } from '../plan/credentials';
import type { KnownHostsStage } from '../plan/types';
import { readAsset } from './assets';
import { EPOCH, hostMounts, run, trustCaBundle, useProxies } from './instructions';
import { installerAliases } from './installer-aliases';
import { shellWord } from './shell';

/** Build argument that carries a digest of the secrets: steps that see them run again when one changes. */
export const DIGEST_ARGUMENT = 'BUILD_ENV_DIGEST';

/** Stage with the host keys that SSH accepts, and where steps find it. */
export const KNOWN_HOSTS_STAGE = 'known-hosts';
const KNOWN_HOSTS = '/run/known-hosts';

/** Where a step keeps credentials for those who ask by host. */
const MEMORY_NETRC = '/dev/shm/netrc';

/** Where uv finds indexes beside those that it is told of. */
const MEMORY_CONFIG = '/dev/shm/config';

/** git reads `~/.netrc` and no variable. */
const NETRC = '/root/.netrc';

/**
 * A step that uses the network: the certificates and proxies of the host, what `buildEnv` says, the SSH agent. The one way in which
 * a step gets them, so that all of them get the same. Works without any of it, too: `docker buildx build` alone.
 *
 * @param remarks lines of comment that belong to the step
 */
export function networkStep(
  environment: BuildEnvironment,
  mounts: readonly string[],
  script: readonly string[],
  remarks: readonly string[] = [],
): string {
  return [
    ...buildArguments(environment),
    ...remarks,
    run(
      [
        ...mounts.filter((mount) => !isCache(mount)),
        ...hostMounts,
        ...environmentMounts(environment),
        ...mounts.filter(isCache),
      ],
      [...exportLines(environment), ...script, ...leaveNothing(environment)],
    ),
  ].join('\n');
}

/** Programs write what they were told into temporary files: Pipenv its whole request, with the credentials. */
function leaveNothing({ secrets }: BuildEnvironment): readonly string[] {
  return secrets.length === 0 ? [] : [`find /tmp -mindepth 1 -delete && touch -d @${EPOCH} /tmp`];
}

/** They come last: the other mounts say what the step is about. */
function isCache(mount: string): boolean {
  return mount.startsWith('type=cache');
}

/** Declared right before the step, so that steps above do not depend on them. */
function buildArguments({ fromHost, keyed }: BuildEnvironment): readonly string[] {
  return [...fromHost, ...(keyed ? [DIGEST_ARGUMENT] : [])].map((name) => `ARG ${name}`);
}

function environmentMounts({ secrets, ssh }: BuildEnvironment): readonly string[] {
  return [
    ...secrets.map((secret) => `type=secret,id=${secret.name},target=${placeOf(secret)}`),
    ...(ssh ? ['type=ssh', `type=bind,from=${KNOWN_HOSTS_STAGE},target=${KNOWN_HOSTS}`] : []),
  ];
}

/** Shell lines: nothing is an argument of a program, and nothing is written to a file. */
function exportLines(environment: BuildEnvironment): readonly string[] {
  const { values, secrets, ssh } = environment;
  return [
    ...trustCaBundle,
    useProxies,
    ...Object.entries(values).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    ...secrets.map(exportSecret),
    ...installerAliases(environment),
    ...netrc(environment),
    ...indexesOfOneHost(environment),
    ...(ssh ? [STRICT_SSH] : []),
  ];
}

function exportSecret(secret: BuildSecret): string {
  const place = placeOf(secret);
  const value = secret.as === 'path' ? place : `"$(cat ${place})"`;
  return `[ ! -f ${place} ] || export ${secret.name}=${value}`;
}

/** In memory, so that no layer has it; the project's own `.netrc` goes on top. Source: netrc(5), Python's `netrc`. */
function netrc({ credentials, secrets }: BuildEnvironment): readonly string[] {
  if (credentials.length === 0) return [];
  const own = secrets.some((secret) => placeOf(secret) === NETRC);
  return [
    'umask 077',
    own ? `cat ${NETRC} > ${MEMORY_NETRC} 2> /dev/null || true` : `: > ${MEMORY_NETRC}`,
    // Of one host only the first counts there.
    ...firstOfHost(credentials).map(({ host, username, password }) => {
      const login = username === undefined ? TOKEN_USER : `"$${username}"`;
      return `[ -z "\${${password}:-}" ] || printf 'machine %s login %s password %s\\n' ${host} ${login} "$${password}" >> ${MEMORY_NETRC}`;
    }),
    'umask 022',
    `export NETRC=${MEMORY_NETRC}`,
  ];
}

function firstOfHost(credentials: readonly IndexCredentials[]): readonly IndexCredentials[] {
  return credentials.filter((one, at) => credentials.findIndex(({ host }) => host === one.host) === at);
}

/**
 * Indexes of one host that have different credentials, for uv, which then tells them apart by their addresses. They are
 * `explicit`: nobody looks for packages there on that account. Source: uv's "Package indexes", "Configuration files".
 */
function indexesOfOneHost({ credentials }: BuildEnvironment): readonly string[] {
  const first = firstOfHost(credentials);
  const shared = credentials.filter(({ host }) => credentials.filter((one) => one.host === host).length > 1);
  if (first.length === credentials.length) return [];
  const config = shared.flatMap(({ name, url }) => [
    '[[index]]',
    `name = "${name}"`,
    `url = ${JSON.stringify(url)}`,
    'explicit = true',
  ]);
  return [
    `mkdir -p ${MEMORY_CONFIG}/uv`,
    `printf '%s\\n' ${config.map(shellWord).join(' ')} > ${MEMORY_CONFIG}/uv/uv.toml`,
    `export XDG_CONFIG_DIRS=${MEMORY_CONFIG}`,
    ...shared.flatMap(({ name, username, password }) => [
      `export UV_INDEX_${name}_USERNAME=${username === undefined ? TOKEN_USER : `"\${${username}:-}"`}`,
      `export UV_INDEX_${name}_PASSWORD="\${${password}:-}"`,
    ]),
  ];
}

/** What most indexes take beside a token. */
const TOKEN_USER = '__token__';

function placeOf({ name, as }: BuildSecret): string {
  return name === 'NETRC' && as === 'path' ? NETRC : `/run/secrets/${name}`;
}

/** A host whose key is not known is refused, and nobody is asked. Source: ssh_config(5). */
const STRICT_SSH = `export GIT_SSH_COMMAND='${[
  'ssh',
  '-o BatchMode=yes',
  '-o StrictHostKeyChecking=yes',
  `-o UserKnownHostsFile=${KNOWN_HOSTS}/known_hosts`,
  '-o GlobalKnownHostsFile=/dev/null',
].join(' ')}'`;

/**
 * The stage with the host keys: those that GitHub, GitLab and Bitbucket publish ("SSH key fingerprints" of each), and
 * those of the project.
 */
export function renderKnownHosts({ keys }: KnownHostsStage): string {
  const text = [readAsset('ssh', 'known-hosts.txt'), keys].map((part) => part.trim()).filter(Boolean);
  return `FROM scratch AS ${KNOWN_HOSTS_STAGE}\nCOPY <<'EOF' /known_hosts\n${text.join('\n')}\nEOF\n`;
}
