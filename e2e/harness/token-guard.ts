import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Guard } from './registry-proxy';

/** Wants a token for everything, as most hosted registries do. Source: CNCF distribution, "Token authentication". */
export interface TokenGuard {
  readonly guard: Guard;
  /** Tokens that were given out. */
  issued(): number;
  /** From now on a token lasts for so many requests. */
  last(requests: number): void;
  /** From now on so many more tokens are given out for this login. */
  give(tokens: number): void;
}

/** @param login `user:password` */
export function tokenGuard(login: string): TokenGuard {
  const left = new Map<string, number>();
  let [lifetime, supply, count] = [Infinity, Infinity, 0];

  const giveToken = (request: IncomingMessage, response: ServerResponse): void => {
    // The engine sends the login as a form, buildx in the header.
    let form = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (form += chunk));
    request.on('end', () => {
      const fields = new URLSearchParams(form);
      const basic = `Basic ${btoa(login)}`;
      const known =
        request.headers.authorization === basic ||
        `${fields.get('username')}:${fields.get('password')}` === login;
      if (!known || supply <= 0) {
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
        return;
      }
      supply -= 1;
      const token = `t${++count}`;
      left.set(token, lifetime);
      response.writeHead(200, { 'content-type': 'application/json' });
      // What it says of the time that it lasts is a promise that it does not keep.
      response.end(JSON.stringify({ token, access_token: token, expires_in: 300 }));
    });
  };

  return {
    issued: () => count,
    last: (requests) => void (lifetime = requests),
    give: (tokens) => void (supply = tokens),
    guard(request, response) {
      if (request.url?.startsWith('/token')) {
        giveToken(request, response);
        return false;
      }
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const uses = left.get(token) ?? 0;
      left.set(token, uses - 1);
      if (uses > 0) return true;
      const scope = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(request.url ?? '')?.[1];
      const challenge = [
        `realm="http://${request.headers.host}/token"`,
        'service="e2e"',
        ...(scope === undefined ? [] : [`scope="repository:${scope}:pull,push"`]),
        ...(left.has(token) && token !== '' ? ['error="invalid_token"'] : []),
      ];
      response.writeHead(401, {
        'content-type': 'application/json',
        'docker-distribution-api-version': 'registry/2.0',
        'www-authenticate': `Bearer ${challenge.join(',')}`,
      });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      return false;
    },
  };
}
