import type { Argv } from './argv';
import type { PublishedPort, RunSpec } from './container-types';

/**
 * Variables that the docker client itself, or the loader that starts it, obeys. They are written out: handed
 * over in the client's environment, they would change the client instead of the container.
 */
const READ_BY_THE_CLIENT =
  /^(PATH|HOME|PWD|USER|TMPDIR|LD_\w+|DOCKER_\w+|BUILDX_\w+|BUILDKIT_\w+|COMPOSE_\w+|OTEL_\w+|(HTTPS?|NO|ALL|FTP)_PROXY|SSH_\w+|SSL_\w+|GO\w+|XDG_\w+|NODE_OPTIONS)$/i;

/**
 * `docker run`, detached. Source: the reference of that command, Docker 24 and later.
 *
 * @param address on which ports are published
 */
export function runArgv(spec: RunSpec, address: string): Argv {
  const { hardening } = spec;
  return [
    'run',
    '--detach',
    ...(spec.name === undefined ? [] : [`--name=${spec.name}`]),
    ...sorted(spec.labels ?? {}).map(([name, value]) => `--label=${name}=${value}`),
    ...sorted(spec.env ?? {}).map(envOption),
    ...(spec.ports ?? []).map((port) => publishOption(address, port)),
    ...(spec.user === undefined ? [] : [`--user=${spec.user}`]),
    ...(spec.network === undefined ? [] : [`--network=${spec.network}`]),
    ...(hardening?.readOnlyRoot ? ['--read-only'] : []),
    ...(hardening?.dropCapabilities ? ['--cap-drop=ALL'] : []),
    ...(hardening?.noNewPrivileges ? ['--security-opt=no-new-privileges'] : []),
    ...(spec.tmpfs ?? []).map((folder) => `--tmpfs=${folder}:rw,nosuid,nodev,mode=1777`),
    ...(spec.healthCheck === 'none' ? ['--no-healthcheck'] : []),
    ...(spec.stopTimeoutSeconds === undefined ? [] : [`--stop-timeout=${spec.stopTimeoutSeconds}`]),
    ...(spec.memory === undefined ? [] : [`--memory=${spec.memory}`, `--memory-swap=${spec.memory}`]),
    ...(spec.cpus === undefined ? [] : [`--cpus=${spec.cpus}`]),
    ...(spec.entrypoint === undefined ? [] : [`--entrypoint=${spec.entrypoint}`]),
    spec.image,
    ...(spec.command ?? []),
  ];
}

/** What the client needs in its environment, so that no process list shows values. */
export function clientEnvironment(env: RunSpec['env'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !READ_BY_THE_CLIENT.test(name)));
}

/** `docker ps` for containers with a label, their ids, one a line. */
export function listArgv(label: string): Argv {
  return ['ps', '--all', '--no-trunc', `--filter=label=${label}`, '--format={{.ID}}'];
}

function envOption([name, value]: [string, string]): string {
  return READ_BY_THE_CLIENT.test(name) ? `--env=${name}=${value}` : `--env=${name}`;
}

function publishOption(address: string, { container, host }: PublishedPort): string {
  return `--publish=${address}:${host ?? ''}:${container}`;
}

function sorted(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
