import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from '../../tools/shell';
import { packedPlugin } from '../../tools/workspace/packed-plugin';

export interface NpmRegistry {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A registry that has the packed plugin and sends every other question on to the machine's own registry: so
 * `nx add docker-python` runs as it will for a user. Source: the npm registry API, "package metadata".
 */
export async function startNpmRegistry(): Promise<NpmRegistry> {
  const tarball = readFileSync(await packedPlugin());
  const manifest = JSON.parse(
    readFileSync(join(__dirname, '../../dist/packages/docker-python/package.json'), 'utf8'),
  ) as { name: string; version: string };
  const upstream = (await run('npm', ['config', 'get', 'registry'])).trim().replace(/\/$/, '');
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (path === '/docker-python/-/docker-python.tgz') {
      response.end(tarball);
    } else if (path === '/docker-python') {
      const dist = {
        tarball: `${url}/docker-python/-/docker-python.tgz`,
        integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          name: manifest.name,
          'dist-tags': { latest: manifest.version },
          versions: { [manifest.version]: { ...manifest, dist } },
        }),
      );
    } else {
      response.writeHead(302, { location: `${upstream}${path}` }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
