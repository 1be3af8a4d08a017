import type { NamedIndex } from '../detection/indexes';

/** Where steps have the credentials of an index: an installer asks by host, whichever manager named the index. */
export interface IndexCredentials {
  /** Of the index, as variables have it: capitals, digits and `_`. */
  readonly name: string;
  readonly url: string;
  /** Without port, as `.netrc` has it. */
  readonly host: string;
  /** Name of a variable; absent where only a token is given. */
  readonly username?: string;
  /** Name of a variable. */
  readonly password: string;
}

/** How managers name the variables with the credentials of an index. Sources: uv's "Environment variables"; Poetry's "Configuration". */
const PREFIXES = ['UV_INDEX_', 'POETRY_HTTP_BASIC_'];

/**
 * The credentials that the build environment has for the indexes of the manifests.
 *
 * @param names of the variables of build steps
 */
export function indexCredentials(
  indexes: readonly NamedIndex[],
  names: readonly string[],
): readonly IndexCredentials[] {
  return indexes.flatMap(({ name, url }): IndexCredentials[] => {
    const host = hostOf(url);
    const key = name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
    const prefix = PREFIXES.find((candidate) => names.includes(`${candidate}${key}_PASSWORD`));
    if (host === undefined || prefix === undefined) return [];
    const username = `${prefix}${key}_USERNAME`;
    return [
      {
        name: key,
        url,
        host,
        password: `${prefix}${key}_PASSWORD`,
        ...(names.includes(username) ? { username } : {}),
      },
    ];
  });
}

/** Undefined where the address brings credentials of its own, or is none. */
function hostOf(url: string): string | undefined {
  return /^https?:\/\/([A-Za-z0-9][A-Za-z0-9.-]*)(?::\d+)?(?:\/|$)/.exec(url)?.[1];
}
