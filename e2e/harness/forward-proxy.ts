import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { docker } from './docker';

/** A proxy for HTTPS that wants a password. */
export interface ForwardProxy {
  /** With user and password; reachable from build steps. */
  readonly url: string;
  /** Hosts that were asked for through it. */
  readonly asked: readonly string[];
  stop(): void;
}

/** Lets through what has the password. Source: RFC 9110, "CONNECT" and "Proxy-Authorization". */
export async function startForwardProxy(user: string, password: string): Promise<ForwardProxy> {
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on('connect', (request, client: Socket) => {
    if (request.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url!}`);
    asked.push(hostname);
    const upstream = connect(Number(port || 443), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => [client, upstream].forEach((one) => one.destroy()));
      socket.on('close', () => open.delete(socket));
    }
  });
  const host = await docker('network', 'inspect', 'bridge', '--format={{(index .IPAM.Config 0).Gateway}}');
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    url: `http://${user}:${password}@${host}:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () => {
      server.close();
      open.forEach((socket) => socket.destroy());
    },
  };
}
