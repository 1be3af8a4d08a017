import { failureOfAsync } from '../testing/failures';
import { recordingRunner } from '../testing/recording-engine';
import type { ProcessResult } from './process';
import { dockerRegistries } from './registries';
import { withoutSecrets } from './registry-failures';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const NAME = 'registry.example.com/acme/api:latest';

const CONFIG = { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: ['sha256:1', 'sha256:2'] } };
const MANIFEST = JSON.stringify({ config: { size: 10 }, layers: [{ size: 100 }, { size: 1000 }] });

const registries = (...answers: Partial<ProcessResult>[]) => {
  const { calls } = recordingRunner();
  const start = (program: string, argv: readonly string[], options: never): Promise<ProcessResult> => {
    calls.push({ program, argv, options });
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...answers[calls.length - 1] });
  };
  return { calls, ...dockerRegistries(start as never) };
};
const failed = (stderr: string): Partial<ProcessResult> => ({ exitCode: 1, stderr });

describe('a question', () => {
  it('gives the digest, and nothing where the registry has nothing', async () => {
    const asked = registries({ stdout: JSON.stringify({ digest: DIGEST }) });
    expect(await asked.remoteDigest(NAME)).toBe(DIGEST);
    expect(asked.calls[0]!.argv.slice(0, 4)).toEqual(['buildx', 'imagetools', 'inspect', NAME]);
    expect(await registries(failed(`ERROR: ${NAME}: not found`)).remoteDigest(NAME)).toBeUndefined();
    expect(await registries(failed('ERROR: name unknown: x')).remoteDigest(NAME)).toBeUndefined();
  });

  it('has a limit of time', async () => {
    const asked = registries({ exitCode: 124 });
    expect((await failureOfAsync(() => asked.remoteDigest(NAME))).code).toBe('REGISTRY_UNAVAILABLE');
    expect(asked.calls[0]!.options.timeoutMs).toBeGreaterThan(0);
  });

  it('describes an image as an engine with containerd would, its size included', async () => {
    const asked = registries(
      { stdout: JSON.stringify({ manifest: { digest: DIGEST }, image: CONFIG }) },
      { stdout: MANIFEST },
    );
    expect(await asked.remoteImage(NAME)).toEqual({
      imageId: DIGEST,
      manifestDigest: DIGEST,
      platform: 'linux/amd64',
      layers: ['sha256:1', 'sha256:2'],
      size: 1110 + MANIFEST.length,
    });
    expect(asked.calls[1]!.argv).toContain(`registry.example.com/acme/api@${DIGEST}`);
  });

  it('describes the first platform of several, and no attestation', async () => {
    const manifests = [
      { digest: `sha256:${'c'.repeat(64)}`, platform: { os: 'unknown' } },
      { digest: OTHER, platform: { os: 'linux' } },
    ];
    const asked = registries(
      {
        stdout: JSON.stringify({ manifest: { digest: DIGEST, manifests }, image: { 'linux/amd64': CONFIG } }),
      },
      { stdout: MANIFEST },
    );
    expect(await asked.remoteImage(NAME)).toMatchObject({ manifestDigest: DIGEST });
    expect(asked.calls[1]!.argv).toContain(`registry.example.com/acme/api@${OTHER}`);
  });

  it.each(['', '{}', 'null', '{"manifest":{"digest":"x"},"image":{}}'])(
    'cannot be answered by %j',
    async (stdout) => {
      const error = await failureOfAsync(() => registries({ stdout }).remoteImage(NAME));
      expect(error.code).toBe('ENGINE_FAILED');
    },
  );
});

describe('what is done', () => {
  it('sends an image and gives the digest that the engine names', async () => {
    const stdout = `The push refers to repository [x]\nlatest: digest: ${DIGEST} size: 697`;
    expect(await registries({ stdout }).push(NAME)).toBe(DIGEST);
    expect((await failureOfAsync(() => registries({ stdout: 'done' }).push(NAME))).code).toBe(
      'ENGINE_FAILED',
    );
  });

  it('copies an image as it is, without an index around it', async () => {
    const asked = registries({});
    await asked.retag(`a/b@${DIGEST}`, ['a/b:x', 'a/b:y']);
    expect(asked.calls[0]!.argv).toEqual([
      ...['buildx', 'imagetools', 'create', '--prefer-index=false'],
      ...['--tag', 'a/b:x', '--tag', 'a/b:y', `a/b@${DIGEST}`],
    ]);
  });

  it('pulls, and says where there is nothing', async () => {
    expect(await registries({}).pull(NAME)).toBe(true);
    const absent = failed(
      `Error response from daemon: failed to resolve reference "${NAME}": ${NAME}: not found`,
    );
    expect(await registries(absent).pull(NAME)).toBe(false);
  });
});

const AT = 'unexpected status from POST request to http://localhost:1/v2/x/blobs/uploads/';

it.each<[string, string]>([
  [`unknown: ${AT}: 500 Internal Server Error`, 'REGISTRY_UNAVAILABLE'],
  [
    `unknown: failed commit on ref "manifest-sha256:a": ${AT}: 503 Service Unavailable`,
    'REGISTRY_UNAVAILABLE',
  ],
  ['received unexpected HTTP status: 502 Bad Gateway', 'REGISTRY_UNAVAILABLE'],
  [`unknown: ${AT}: 429 Too Many Requests`, 'REGISTRY_UNAVAILABLE'],
  ['toomanyrequests: You have reached your pull rate limit.', 'REGISTRY_UNAVAILABLE'],
  ['read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer', 'REGISTRY_UNAVAILABLE'],
  ['dial tcp 127.0.0.1:1: connect: connection refused', 'REGISTRY_UNAVAILABLE'],
  [
    'failed to do request: Head "https://x/v2/": dial tcp: lookup x on 10.0.0.1:53: no such host',
    'REGISTRY_UNAVAILABLE',
  ],
  ['net/http: TLS handshake timeout', 'REGISTRY_UNAVAILABLE'],
  ['unexpected EOF', 'REGISTRY_UNAVAILABLE'],
  ['digest invalid: provided digest did not match uploaded content', 'REGISTRY_UNAVAILABLE'],
  ['error from registry: blob unknown to registry - sha256:a', 'REGISTRY_BLOB_MISSING'],
  [
    'httpReadSeeker: failed open: could not fetch content descriptor sha256:a (x) from remote: not found',
    'REGISTRY_BLOB_MISSING',
  ],
  [`unknown: ${AT}: 401 Unauthorized`, 'REGISTRY_UNAUTHORIZED'],
  ['unauthorized: authentication required', 'REGISTRY_UNAUTHORIZED'],
  ['no basic auth credentials', 'REGISTRY_UNAUTHORIZED'],
  [
    'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    'REGISTRY_UNAUTHORIZED',
  ],
  [`unknown: ${AT}: 403 Forbidden`, 'REGISTRY_DENIED'],
  ['denied: requested access to the resource is denied', 'REGISTRY_DENIED'],
  [
    'push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'REGISTRY_DENIED',
  ],
  ['name unknown: The repository with name x does not exist in the registry', 'REGISTRY_NAME_UNKNOWN'],
  [`unknown: ${AT}: 404 Not Found`, 'REGISTRY_NAME_UNKNOWN'],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'ENGINE_NOT_RUNNING',
  ],
  ['something else', 'ENGINE_FAILED'],
])('%s is %s', async (stderr, code) => {
  const error = await failureOfAsync(() => registries(failed(stderr)).push(NAME));
  expect(error.code).toBe(code);
  if (code.startsWith('REGISTRY')) expect(`${error.message} ${error.hint}`).toContain('registry.example.com');
});

it.each([
  ['Put "http://u:secret@x/v2/a?_state=secret&digest=b": EOF', 'Put "http://x/v2/a": EOF'],
  ['Authorization: Bearer abc.secret', 'Authorization: Bearer ***'],
  ['https://cdn/x?X-Amz-Signature=secret: 403', 'https://cdn/x 403'],
  ['authorization: basic abcdefg=', 'authorization: basic ***'],
  ['no basic auth credentials', 'no basic auth credentials'],
  ['nothing to hide', 'nothing to hide'],
])('%s is printed without secrets', (text, clean) => {
  expect(withoutSecrets(text)).toBe(clean);
});
