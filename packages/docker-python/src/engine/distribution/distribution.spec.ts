import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingRunner } from '../../testing/recording-engine';
import { NotAnswered } from './not-answered';
import { questionsOf, type Questions } from './questions';
import { registrySession } from './session';

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const CONFIG = JSON.stringify({
  os: 'linux',
  architecture: 'arm64',
  variant: 'v8',
  rootfs: { diff_ids: ['sha256:1', 'sha256:2'] },
});
const LAYER = digestOf('layer');
const MANIFEST = JSON.stringify({
  config: { digest: digestOf(CONFIG), size: CONFIG.length },
  layers: [{ digest: LAYER, size: 1000 }],
});
const ATTESTATION = JSON.stringify({ config: { digest: digestOf('{}'), size: 2 }, layers: [] });
const INDEX = JSON.stringify({
  manifests: [
    { digest: digestOf(ATTESTATION), platform: { os: 'unknown' } },
    { digest: digestOf(MANIFEST), platform: { os: 'linux' } },
  ],
});

/** What a registry has: below the repository. */
const CONTENT: Readonly<Record<string, string>> = {
  'manifests/one': MANIFEST,
  'manifests/many': INDEX,
  [`manifests/${digestOf(MANIFEST)}`]: MANIFEST,
  [`manifests/${digestOf(INDEX)}`]: INDEX,
  [`manifests/${digestOf(ATTESTATION)}`]: ATTESTATION,
  [`blobs/${digestOf(CONFIG)}`]: CONFIG,
  [`blobs/${digestOf('{}')}`]: '{}',
  [`blobs/${LAYER}`]: 'layer',
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const servers: Server[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A registry on loopback; `before` may answer first, and content may differ. */
async function registry(before?: Answer, content = CONTENT) {
  const requests: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(`${request.method} ${request.url}`);
    await before?.(request, response);
    if (response.writableEnded || response.destroyed) return;
    const body = content[request.url!.replace('/v2/acme/api/', '')];
    if (body === undefined) return void response.writeHead(404).end('{"errors":[]}');
    response.writeHead(200, { 'docker-content-digest': digestOf(body), 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, requests, name: (selector: string) => `${host}/acme/api${selector}` };
}

/** Questions of a client with this configuration. */
function client(config?: object | string, start = recordingRunner().run): Questions {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  folders.push(folder);
  if (config !== undefined)
    writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return questionsOf(registrySession(start, { DOCKER_CONFIG: folder }));
}

describe('a registry that answers', () => {
  it('says which digest a name has, and that it has none', async () => {
    const { name, requests } = await registry();
    expect(await client().remoteDigest(name(':one'))).toBe(digestOf(MANIFEST));
    expect(await client().remoteDigest(name(':none'))).toBeUndefined();
    expect(requests[0]).toBe('HEAD /v2/acme/api/manifests/one');
  });

  it.each(['one', 'many'])('describes the image %s', async (tag) => {
    const { name } = await registry();
    const digest = digestOf(CONTENT[`manifests/${tag}`]!);
    expect(await client().remoteImage(name(`:${tag}`))).toEqual({
      imageId: digest,
      manifestDigest: digest,
      platform: 'linux/arm64/v8',
      layers: ['sha256:1', 'sha256:2'],
      size: 1000 + CONFIG.length + MANIFEST.length,
    });
  });

  it('has no image of that name', async () => {
    const { name } = await registry();
    expect(await client().remoteImage(name(':none'))).toBeUndefined();
  });

  it.each([
    ['of one platform', 'one', LAYER],
    ['of several', 'many', LAYER],
    ['with an attestation', 'many', digestOf('{}')],
    ['without its configuration', 'one', digestOf(CONFIG)],
  ])('has all of an image %s, or has lost something', async (_, tag, part) => {
    const whole = await registry();
    const source = (at: typeof whole): string => at.name(`@${digestOf(CONTENT[`manifests/${tag}`]!)}`);
    expect(await client().isComplete(source(whole))).toBe(true);
    const { [`blobs/${part}`]: _lost, ...left } = CONTENT;
    expect(await client().isComplete(source(await registry(undefined, left)))).toBe(false);
  });

  it('keeps layers elsewhere: that they are somewhere is enough', async () => {
    const { name } = await registry((request, response) => {
      if (request.method === 'HEAD' && request.url!.includes('/blobs/'))
        response.writeHead(307, { location: 'https://storage.invalid/x' }).end();
    });
    expect(await client().isComplete(name(`@${digestOf(MANIFEST)}`))).toBe(true);
  });
});

describe('a registry that wants a login', () => {
  const BASIC = `Basic ${Buffer.from('ann:se:cret').toString('base64')}`;
  const wantsBasic: Answer = ({ headers }, response) => {
    if (headers.authorization !== BASIC)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  };
  const auth = Buffer.from('ann:se:cret').toString('base64');

  it.each([
    ['the host', (host: string) => host],
    ['an address', (host: string) => `https://${host}/v1/`],
  ])('gets that of the configuration, by %s', async (_, key) => {
    const { host, name } = await registry(wantsBasic);
    const asked = client({ auths: { [key(host)]: { auth } } });
    expect(await asked.remoteDigest(name(':one'))).toBe(digestOf(MANIFEST));
  });

  it.each(['credsStore', 'credHelpers'])('gets that of a helper: %s', async (where) => {
    const { host, name } = await registry(wantsBasic);
    const { calls, run } = recordingRunner({
      'docker-credential-safe get': { stdout: JSON.stringify({ Username: 'ann', Secret: 'se:cret' }) },
    });
    const asked = client({ [where]: where === 'credsStore' ? 'safe' : { [host]: 'safe' } }, run);
    const both = [asked.remoteDigest(name(':one')), asked.remoteDigest(name(':none'))];
    expect(await Promise.all(both)).toEqual([digestOf(MANIFEST), undefined]);
    expect(calls.map(({ argv, options }) => [argv, options.input])).toEqual([[['get'], host]]);
  });

  it('fetches one token for several questions, and another one when it has expired', async () => {
    let tokens = 0;
    let valid = '';
    const { name, requests } = await registry((request, response) => {
      const { host } = request.headers;
      if (request.url!.startsWith('/token')) {
        if (request.headers.authorization !== BASIC) return void response.writeHead(401).end();
        return void response.end(JSON.stringify({ token: (valid = `t${++tokens}`) }));
      }
      if (request.headers.authorization === `Bearer ${valid}`) return;
      const challenge = `Bearer realm="http://${host}/token",service="s",scope="repository:acme/api:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const [host] = name('').split('/') as [string];
    const asked = client({ auths: { [host]: { auth } } });
    await Promise.all(['one', 'many', 'none'].map((tag) => asked.remoteDigest(name(`:${tag}`))));
    expect(tokens).toBe(1);
    expect(requests).toContain('GET /token?service=s&scope=repository%3Aacme%2Fapi%3Apull');
    valid = 'another';
    expect(await asked.remoteDigest(name(':one'))).toBe(digestOf(MANIFEST));
    expect(tokens).toBe(2);
  });

  it('keeps its login from wherever the registry sends for a blob', async () => {
    const seen: (string | undefined)[] = [];
    const storage = await registry(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end(CONFIG);
    });
    const { host, name } = await registry((request, response) => {
      if (request.headers.authorization !== BASIC) return wantsBasic(request, response);
      if (request.url!.includes('/blobs/'))
        response.writeHead(307, { location: `http://${storage.host}/blob` }).end();
    });
    const asked = client({ auths: { [host]: { auth } } });
    expect(await asked.remoteImage(name(':one'))).toMatchObject({ platform: 'linux/arm64/v8' });
    expect(seen).toEqual([undefined]);
  });

  it('exchanges an identity token', async () => {
    const bodies: string[] = [];
    const { host, name } = await registry(async (request, response) => {
      if (request.url === '/token') {
        for await (const chunk of request) bodies.push(String(chunk));
        return void response.end('{"access_token":"t"}');
      }
      if (request.headers.authorization === 'Bearer t') return;
      const realm = `Bearer realm="http://${request.headers.host}/token"`;
      response.writeHead(401, { 'www-authenticate': realm }).end();
    });
    const asked = client({ auths: { [host]: { auth: '', identitytoken: 'id' } } });
    const answer = asked.remoteDigest(name(':one'));
    await expect(answer).resolves.toBe(digestOf(MANIFEST));
    expect(bodies.join('')).toContain('grant_type=refresh_token&client_id=docker-python&refresh_token=id');
  });
});

describe('what is left to the client of Docker', () => {
  const unanswered = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NotAnswered);
    return (error as Error).message;
  };
  const refusing =
    (status: number, headers = {}): Answer =>
    (_, response) =>
      void response.writeHead(status, headers).end();

  it.each([
    ['500', refusing(500)],
    ['429', refusing(429)],
    ['403', refusing(403)],
    ['401 without credentials', refusing(401, { 'www-authenticate': 'Basic realm="x"' })],
    ['401 of a kind that is not known', refusing(401, { 'www-authenticate': 'Negotiate' })],
    ['a token service in the clear', refusing(401, { 'www-authenticate': 'Bearer realm="ftp://x"' })],
    ['a reset connection', ({ socket }) => void socket.destroy()],
    ['no digest', (_, response) => void response.writeHead(200).end()],
  ])('%s', async (_, answer) => {
    const { name } = await registry(answer);
    await unanswered(client().remoteDigest(name(':one')));
  });

  it('a manifest with another content than its digest says', async () => {
    const name = `manifests/${digestOf(MANIFEST)}`;
    const { name: at } = await registry(undefined, { ...CONTENT, [name]: INDEX });
    await unanswered(client().isComplete(at(`@${digestOf(MANIFEST)}`)));
  });

  it.each([['{}'], ['[]'], ['<html>'], [''], ['{"manifests":[]}'], ['{"manifests":[{"digest":"../../x"}]}']])(
    'a manifest like %j',
    async (text) => {
      const { name } = await registry(undefined, { ...CONTENT, 'manifests/one': text });
      await unanswered(client().remoteImage(name(':one')));
    },
  );

  it('a registry that cannot be reached is not tried twice', async () => {
    let connections = 0;
    const { name, host } = await registry(({ socket }) => {
      connections += 1;
      socket.destroy();
    });
    const asked = client();
    await unanswered(asked.remoteDigest(name(':one')));
    await unanswered(asked.remoteDigest(`${host}/other:one`));
    expect(connections).toBe(1);
  });

  it.each([
    ['that is no JSON', '{"auths": se:cret'],
    ['of another form', '{"auths": {"x": "se:cret"}}'],
    ['with a helper of a hostile name', '{"credsStore": "../se:cret"}'],
    ['with a token of its own', '{"auths": {"HOST": {"registrytoken": "se:cret"}}}'],
  ])('a configuration %s, without a word of it', async (_, text) => {
    const { host, name } = await registry(refusing(401, { 'www-authenticate': 'Basic realm="x"' }));
    const message = await unanswered(client(text.replace('HOST', host)).remoteDigest(name(':one')));
    expect(message).not.toContain('cret');
  });

  it('a helper that fails', async () => {
    const { name } = await registry(refusing(401, { 'www-authenticate': 'Basic realm="x"' }));
    const { run } = recordingRunner({ 'docker-credential-safe': { exitCode: 1, stdout: 'locked' } });
    await unanswered(client({ credsStore: 'safe' }, run).remoteDigest(name(':one')));
  });
});
