import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './certificates';
import type { ServedWheel } from './wheel';

/** Who may read an index, and what it has. */
export interface ServedIndex {
  readonly user: string;
  /** All of them are right: a token that was renewed. */
  readonly passwords: readonly string[];
  /** Distribution name to wheel. */
  readonly packages: Readonly<Record<string, ServedWheel>>;
}

export interface PackageIndexes {
  readonly port: number;
  /** Host and path of every request that was let in. */
  readonly served: string[];
  stop(): Promise<void>;
}

/**
 * Package indexes with basic authentication over TLS, told apart by their host name, or by that and the first folder
 * (`host/team`): the simple API that every installer knows. Source: "Simple repository API" of the Python packaging specifications; RFC 7617.
 */
export async function startPackageIndexes(
  indexes: Readonly<Record<string, ServedIndex>>,
  { cert, key }: Certificates,
): Promise<PackageIndexes> {
  const served: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = request.url ?? '/';
    const team = Object.keys(indexes).find(
      (name) => `${host}${path}`.startsWith(`${name}/`) && name !== host,
    );
    const prefix = (team ?? host).slice(host.length);
    const index = indexes[team ?? host];
    const given = Buffer.from(
      (request.headers.authorization ?? '').replace(/^Basic /, ''),
      'base64',
    ).toString();
    if (!index?.passwords.some((password) => given === `${index.user}:${password}`)) {
      response.writeHead(401, { 'www-authenticate': `Basic realm="${host}"` }).end('who are you?\n');
      return;
    }
    served.push(`${host}${path}`);
    const [, folder, name = ''] = path.slice(prefix.length).split('/');
    const wheel = index.packages[name];
    const file = Object.values(index.packages).find((candidate) => candidate.file === name);
    if (folder === 'simple' && name === '') {
      const list = Object.keys(index.packages).map((name) => `<a href="${name}/">${name}</a>`);
      response
        .setHeader('content-type', 'text/html')
        .end(`<!DOCTYPE html><html><body>${list.join('')}</body></html>`);
    } else if (folder === 'simple' && wheel) {
      const link = `<a href="${prefix}/files/${wheel.file}#sha256=${wheel.sha256}">${wheel.file}</a>`;
      response.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><html><body>${link}</body></html>`);
    } else if (folder === 'files' && file) {
      response.setHeader('content-type', 'application/octet-stream').end(file.bytes);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    served,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
