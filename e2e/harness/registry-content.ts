const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Manifest or index. Source: the OCI image specification. */
export interface Manifest {
  readonly manifests?: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  }[];
  readonly layers?: readonly {
    readonly digest: string;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

/** What a registry has, asked without any of the tools that are tested. One that does not answer is an error. */
export interface RegistryContent {
  /** Of a tag; undefined where there is none. */
  digestOf(repository: string, tag: string): Promise<string | undefined>;
  /** @param reference tag or digest */
  manifestOf(repository: string, reference: string): Promise<Manifest>;
  tagsOf(repository: string): Promise<readonly string[]>;
  /** @returns whether it was there */
  hasBlob(repository: string, digest: string): Promise<boolean>;
  removeBlob(repository: string, digest: string): Promise<boolean>;
}

/**
 * @param host `localhost:PORT`
 * @param login `user:password`, where one is wanted
 */
export function registryContent(host: string, login?: string): RegistryContent {
  const authorization = login === undefined ? {} : { authorization: `Basic ${btoa(login)}` };
  const ask = async (method: string, path: string): Promise<Response> => {
    const headers = { accept: MANIFESTS, ...authorization };
    const response = await fetch(`http://${host}/v2/${path}`, { method, headers });
    if (response.ok || response.status === 404) return response;
    throw new Error(`${host} answers ${method} ${path} with ${response.status}`);
  };
  return {
    async digestOf(repository, tag) {
      const { headers } = await ask('HEAD', `${repository}/manifests/${tag}`);
      return headers.get('docker-content-digest') ?? undefined;
    },
    async manifestOf(repository, reference) {
      return (await (await ask('GET', `${repository}/manifests/${reference}`)).json()) as Manifest;
    },
    async tagsOf(repository) {
      const { tags } = (await (await ask('GET', `${repository}/tags/list`)).json()) as { tags?: string[] };
      return (tags ?? []).sort();
    },
    hasBlob: async (repository, digest) => (await ask('HEAD', `${repository}/blobs/${digest}`)).ok,
    removeBlob: async (repository, digest) => (await ask('DELETE', `${repository}/blobs/${digest}`)).ok,
  };
}
