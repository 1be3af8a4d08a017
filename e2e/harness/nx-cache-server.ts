import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What machines of one team share: results of tasks, and nothing else. */
export interface NxCacheServer {
  /** Variables by which Nx finds it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const TOKEN = 'e2e';

/** A remote cache of Nx in memory. Source: the OpenAPI document in "Build your own caching server" of Nx. */
export async function startNxCacheServer(): Promise<NxCacheServer> {
  const results = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const hash = request.url ?? '';
      const known = results.get(hash);
      if (request.headers.authorization !== `Bearer ${TOKEN}`) response.writeHead(401).end();
      else if (request.method === 'PUT') {
        results.set(hash, body);
        response.writeHead(known === undefined ? 200 : 409).end();
      } else if (known === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(known);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: {
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: TOKEN,
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
