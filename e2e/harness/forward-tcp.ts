import {
  connect,
  createServer,
  type AddressInfo,
  type TcpNetConnectOpts,
  type IpcNetConnectOpts,
} from 'node:net';

/** Hands on whatever comes over TCP. */
export interface TcpForwarder {
  /** On all interfaces of this machine, so that containers reach it at their gateway. */
  readonly port: number;
  stop(): void;
}

/** @param target a socket, or a port of this machine that listens on loopback alone */
export async function forwardTcp(target: TcpNetConnectOpts | IpcNetConnectOpts): Promise<TcpForwarder> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const socket = connect({ ...target, allowHalfOpen: true });
    client.pipe(socket).pipe(client);
    for (const end of [client, socket])
      end.on('error', () => [client, socket].forEach((one) => one.destroy()));
  });
  await new Promise<void>((listening) => server.listen(0, '0.0.0.0', listening));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => void server.close(),
  };
}
