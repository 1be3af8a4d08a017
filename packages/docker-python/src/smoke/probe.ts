import { request } from 'node:http';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A server that takes a request and then hangs must not take all the time there is. */
const ONE_REQUEST_MS = 5_000;

/** Enough to look for a text in. */
const BODY_BYTES = 1024 * 1024;

/**
 * Asks once. Redirects are answers, not followed. Not `fetch`: on Node 20 it may wait until its time is up where a
 * connection is reset before the server listens, and engines reset it exactly then.
 *
 * @returns undefined if nobody answers: refused, reset, too late, no HTTP
 */
export function get(url: string, withinMs: number): Promise<Answer | undefined> {
  // Whatever the way to it: applications refuse hosts that they do not know, and all know this one.
  const host = `127.0.0.1:${new URL(url).port}`;
  return new Promise((resolve) => {
    const asked = request(
      url,
      { agent: false, headers: { host, connection: 'close', accept: '*/*' } },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const finish = (): void =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          // An endless stream is an answer, too.
          if (size > BODY_BYTES) asked.destroy();
        });
        response.on('close', finish);
      },
    );
    const timer = setTimeout(() => asked.destroy(), Math.min(withinMs, ONE_REQUEST_MS));
    asked.on('error', () => resolve(undefined));
    asked.on('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    asked.end();
  });
}
