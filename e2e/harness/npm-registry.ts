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

/** A packed plugin: what `npm publish` would send. */
export interface PackedVersion {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

/** The plugin as it is now. */
export async function presentVersion(): Promise<PackedVersion> {
  const tarball = readFileSync(await packedPlugin());
  const path = join(__dirname, '../../dist/packages/docker-python/package.json');
  return { tarball, manifest: JSON.parse(readFileSync(path, 'utf8')) as PackedVersion['manifest'] };
}

/**
 * A registry that has the packed plugin and sends every other question on to the machine's own registry: so
 * `nx add docker-python` runs as it will for a user. Source: the npm registry API, "package metadata".
 *
 * @param older versions that were published before
 */
export async function startNpmRegistry(older: readonly PackedVersion[] = []): Promise<NpmRegistry> {
  const latest = await presentVersion();
  const versions = [...older, latest];
  const upstream = (await run('npm', ['config', 'get', 'registry'])).trim().replace(/\/$/, '');
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wanted = versions.find(({ manifest }) => path === tarballPath(manifest));
    if (wanted) {
      response.end(wanted.tarball);
    } else if (path === '/docker-python') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(metadata(versions, latest, url)));
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

function tarballPath({ version }: PackedVersion['manifest']): string {
  return `/docker-python/-/docker-python-${version}.tgz`;
}

function metadata(versions: readonly PackedVersion[], latest: PackedVersion, url: string): object {
  const described = versions.map(({ manifest, tarball }) => {
    const dist = {
      tarball: `${url}${tarballPath(manifest)}`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      shasum: createHash('sha1').update(tarball).digest('hex'),
    };
    return [manifest.version, { ...manifest, dist }] as const;
  });
  return {
    name: 'docker-python',
    'dist-tags': { latest: latest.manifest.version },
    versions: Object.fromEntries(described),
  };
}
