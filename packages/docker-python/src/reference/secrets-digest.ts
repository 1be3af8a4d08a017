import { createHmac } from 'node:crypto';

/**
 * A digest that changes when one of these values does, and tells nothing about them: HMAC-SHA-256 (RFC 2104) under a
 * salt, so that nobody finds the same value elsewhere by its digest.
 *
 * @param salt the committed `secretsSalt`; empty for values that are no secrets
 * @param values name and value; undefined for one that is not there
 */
export function secretsDigest(
  salt: string,
  values: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const sorted = [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, value ?? null]);
  return createHmac('sha256', salt).update(JSON.stringify(sorted)).digest('hex').slice(0, 40);
}
