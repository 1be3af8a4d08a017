import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Longer than any request of a fixture. */
const REQUEST_MS = 5_000;

/**
 * One request, one connection. On node's own http: its `fetch` never settles where a port forwarder accepts a
 * connection and closes it because nothing listens behind it yet (Node 20.20).
 *
 * @throws the connection's error
 */
export function request(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, timeout: REQUEST_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.once('error', reject);
    asked.once('timeout', () => asked.destroy(new Error(`${url} does not answer within ${REQUEST_MS} ms.`)));
  });
}

/**
 * Asks until something answers, whatever its status.
 *
 * @param attempts a tenth of a second apart
 * @throws the error of the last attempt
 */
export async function firstAnswer(url: string, attempts = 150): Promise<Answer> {
  for (let left = attempts; ; left--) {
    try {
      return await request(url);
    } catch (error) {
      if (left <= 1) throw error;
      await sleep(100);
    }
  }
}
