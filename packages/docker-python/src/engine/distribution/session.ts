import type { ProcessRunner } from '../process';
import type { Address } from './address';
import { credentialsOf, type Credentials } from './credentials';
import { NotAnswered } from './not-answered';
import { goesThroughProxy } from './proxied';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a registry is asked: below the repository, `manifests/latest`. */
export interface Question {
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly accept?: string;
}

/** @throws NotAnswered unless the registry says something that every registry means alike: 2xx, 3xx of a HEAD, 404 */
export type Session = (address: Address, question: Question) => Promise<Response>;

/** A question that takes longer is one for Docker's client. */
const ANSWERS_WITHIN_MS = 10_000;

/**
 * Asks registries over HTTP, logged in as Docker's client is. Connections and tokens are kept for further questions.
 * Sources: the OCI distribution specification; "Token Authentication" of the distribution project.
 *
 * @param start for credential helpers
 */
export function registrySession(start: ProcessRunner, env: Environment): Session {
  const logins = new Map<string, Promise<Credentials | undefined>>();
  const headers = new Map<string, Promise<string>>();
  const unreachable = new Set<string>();

  const login = (registry: string): Promise<Credentials | undefined> => {
    const known = logins.get(registry) ?? credentialsOf(registry, start, env);
    logins.set(registry, known);
    return known;
  };

  return async ({ origin, registry, repository }, { method, path, accept }) => {
    if (unreachable.has(origin) || goesThroughProxy(origin, env)) throw new NotAnswered(origin);
    const place = `${origin}/v2/${repository}/`;
    const ask = (authorization: string | undefined): Promise<Response> =>
      send(`${place}${path}`, {
        method,
        headers: { ...(accept ? { accept } : {}), ...(authorization ? { authorization } : {}) },
        // Blobs may lie elsewhere; that they do is the answer to whether they are there.
        redirect: method === 'HEAD' ? 'manual' : 'follow',
      }).catch(() => {
        unreachable.add(origin);
        throw new NotAnswered(`${origin} cannot be reached`);
      });
    const used = headers.get(place);
    let response = await ask(await used);
    if (response.status === 401) {
      await drain(response);
      // Several questions at a time are answered by one token; one that has expired is replaced.
      if (headers.get(place) === used)
        headers.set(
          place,
          login(registry).then((is) => authorize(response, origin, is)),
        );
      response = await ask(await headers.get(place));
    }
    if (response.ok || response.status === 404 || (method === 'HEAD' && isRedirect(response)))
      return response;
    await drain(response);
    throw new NotAnswered(`${origin} answers ${response.status}`);
  };
}

/** A connection is free again only when all of an answer was read. */
export async function drain(response: Response): Promise<void> {
  await response.body?.cancel();
}

function send(address: string, request: RequestInit): Promise<Response> {
  return fetch(address, { ...request, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400;
}

/** A registry's challenge -> the header that answers it. */
async function authorize(
  refused: Response,
  origin: string,
  credentials: Credentials | undefined,
): Promise<string> {
  const challenge = refused.headers.get('www-authenticate') ?? '';
  const [, scheme = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(challenge) ?? [];
  if (scheme.toLowerCase() === 'bearer')
    return `Bearer ${await token(parameters(rest), origin, credentials)}`;
  if (scheme.toLowerCase() === 'basic' && credentials && 'user' in credentials) return basic(credentials);
  throw new NotAnswered(`${origin} wants a login`);
}

async function token(
  { realm = '', service, scope }: Readonly<Record<string, string>>,
  origin: string,
  credentials: Credentials | undefined,
): Promise<string> {
  // Credentials travel there: not in the clear, unless the registry itself is asked that way.
  const isSafe =
    realm.startsWith('https://') || (realm.startsWith('http://') && origin.startsWith('http://'));
  if (!isSafe) throw new NotAnswered('a token service without encryption');
  const query = new URLSearchParams({ ...(service ? { service } : {}), ...(scope ? { scope } : {}) });
  const response = await (
    credentials && 'identityToken' in credentials
      ? send(realm, {
          method: 'POST',
          body: new URLSearchParams({
            ...Object.fromEntries(query),
            grant_type: 'refresh_token',
            client_id: 'docker-python',
            refresh_token: credentials.identityToken,
          }),
        })
      : send(`${realm}${realm.includes('?') ? '&' : '?'}${query.toString()}`, {
          headers: credentials ? { authorization: basic(credentials) } : {},
        })
  ).catch(() => {
    throw new NotAnswered('a token service that cannot be reached');
  });
  const body = response.ok ? ((await response.json().catch(() => null)) as TokenAnswer | null) : null;
  const value = body?.token ?? body?.access_token;
  if (typeof value === 'string') return value;
  throw new NotAnswered('a token service that gives none');
}

/** Old services say `token`, those of OAuth 2 `access_token`, most say both. */
interface TokenAnswer {
  readonly token?: unknown;
  readonly access_token?: unknown;
}

function basic({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** `realm="https://...",service="..."` -> names to values. Source: RFC 9110, "Authentication Parameters". */
function parameters(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(([, name, quoted, plain]) => [
      name!.toLowerCase(),
      quoted === undefined ? plain! : quoted.replace(/\\(.)/g, '$1'),
    ]),
  );
}
