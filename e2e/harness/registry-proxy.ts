import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a registry fails: with a status, by a connection that drops, by half of an upload, by a blob that it forgets. */
export type Fault =
  | { readonly status: number; readonly answer?: RegistryError }
  | 'reset'
  | 'truncate'
  | 'forget'
  /** Holds the request back until the fault is taken off. */
  | 'hang';

/** Source: the OCI distribution specification, "Error Codes". */
export interface RegistryError {
  readonly code: string;
  readonly message: string;
}

/** The next so many requests that match fail so. */
export interface FaultRule {
  readonly method: string;
  readonly path: RegExp;
  readonly fault: Fault;
  readonly times: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A proxy in front of a registry that counts what travels and fails on demand. */
export interface RegistryProxy {
  /** `localhost:PORT`: what image names begin with. */
  readonly host: string;
  /** Requests since the last reset, in the order in which they were answered. */
  readonly seen: readonly SeenRequest[];
  /** Bytes of blobs that were sent to the registry since the last reset. */
  uploaded(): number;
  /** Bytes of blobs that were fetched from the registry since the last reset. */
  downloaded(): number;
  /** Faults that were made since the last reset. */
  faults(): number;
  /** Faults from now on, instead of those before; counts begin anew. */
  reset(...faults: readonly FaultRule[]): void;
  stop(): Promise<void>;
}

const BLOBS = /\/blobs\//;

/** Answers a request itself, or says that it may pass. */
export type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * @param upstream `localhost:PORT` of the registry
 * @param mayPass asked first; by default everything may
 */
export async function startRegistryProxy(
  upstream: string,
  mayPass: Guard = () => true,
): Promise<RegistryProxy> {
  const seen: SeenRequest[] = [];
  let rules: { rule: FaultRule; left: number }[] = [];
  let [up, down, made] = [0, 0, 0];
  const faultOf = (method: string, path: string): Fault | undefined => {
    const hit = rules.find(({ rule, left }) => left > 0 && rule.method === method && rule.path.test(path));
    if (hit) hit.left -= 1;
    return hit?.rule.fault;
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/' } = request;
    if (!mayPass(request, response)) {
      request.resume();
      seen.push({ method, path: url, status: response.statusCode });
      return;
    }
    const fault = faultOf(method, url);
    const done = (status: number): void => void seen.push({ method, path: url, status });
    if (fault !== undefined && fault !== 'truncate') made += 1;
    if (fault === 'hang') return;
    if (fault === 'reset') {
      done(0);
      request.socket.resetAndDestroy();
      return;
    }
    if (typeof fault === 'object') {
      done(fault.status);
      request.resume();
      const text = fault.answer === undefined ? '' : JSON.stringify({ errors: [fault.answer] });
      response
        .writeHead(fault.status, { 'content-type': 'application/json', 'content-length': text.length })
        .end(text);
      return;
    }
    if (fault === 'forget') {
      // Says that it has the blob, and does not keep it.
      request.resume().once('end', () => {
        done(201);
        const digest = new URL(url, 'http://x').searchParams.get('digest') ?? '';
        response.writeHead(201, { 'docker-content-digest': digest, 'content-length': '0' }).end();
      });
      return;
    }
    const [host, port] = ['127.0.0.1', upstream.split(':')[1]!];
    const passed = ask({ host, port, method, path: url, headers: request.headers }, (theirs) => {
      done(theirs.statusCode ?? 0);
      if (method === 'GET' && BLOBS.test(url))
        theirs.on('data', (chunk: Buffer) => void (down += chunk.length));
      response.writeHead(theirs.statusCode ?? 502, theirs.headers);
      theirs.pipe(response);
    });
    passed.once('error', () => response.destroy());
    if (fault === 'truncate') {
      // Of what has no body nothing can be cut off.
      request
        .once('end', () => passed.end())
        .once('data', (chunk: Buffer) => {
          made += 1;
          done(0);
          passed.write(chunk.subarray(0, chunk.length >> 1), () => {
            passed.destroy();
            request.socket.resetAndDestroy();
          });
        });
      return;
    }
    request.on('data', (chunk: Buffer) => {
      if (BLOBS.test(url)) up += chunk.length;
    });
    request.pipe(passed);
  };

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    seen,
    uploaded: () => up,
    downloaded: () => down,
    faults: () => made,
    reset(...faults) {
      seen.length = 0;
      [up, down, made] = [0, 0, 0];
      rules = faults.map((rule) => ({ rule, left: rule.times }));
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
