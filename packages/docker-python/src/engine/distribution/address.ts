/** Where a registry keeps something. */
export interface Address {
  /** As Docker's client names the registry among its credentials. */
  readonly registry: string;
  /** `https://host:port`. */
  readonly origin: string;
  readonly repository: string;
  /** A tag or a digest. */
  readonly selector: string;
}

const DOCKER_HUB = { registry: 'https://index.docker.io/v1/', origin: 'https://registry-1.docker.io' };

/**
 * Full name of an image -> where to ask for it. Sources: the reference grammar of the distribution project; Docker's
 * client, for Docker Hub's other names and for plain HTTP on loopback addresses.
 *
 * @param reference `host:5000/a/b:tag` or `host/a/b@sha256:...`
 */
export function addressOf(reference: string): Address {
  const [, name, selector = 'latest'] = /^(.*?)(?:@(sha256:[0-9a-f]{64})|:([^:/@]+))?$/s
    .exec(reference)!
    .filter((part) => part !== undefined) as [string, string, string?];
  const [first, ...rest] = name.split('/') as [string, ...string[]];
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = isHost ? rest.join('/') : name;
  if (!isHost || /^(?:index\.)?docker\.io$/.test(first))
    return {
      ...DOCKER_HUB,
      repository: repository.includes('/') ? repository : `library/${repository}`,
      selector,
    };
  return {
    registry: first,
    origin: `${isLoopback(first) ? 'http' : 'https'}://${first}`,
    repository,
    selector,
  };
}

/** @param host with or without a port */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}
