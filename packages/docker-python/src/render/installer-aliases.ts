import type { BuildEnvironment } from '../plan/build-environment';

/**
 * The same option as pip and as uv call it: a project sets one, and both obey, since uv itself is fetched by pip.
 * Sources: pip's "Configuration", uv's "Environment variables".
 */
const ALIASES: readonly (readonly [pip: string, uv: readonly string[]])[] = [
  ['PIP_INDEX_URL', ['UV_DEFAULT_INDEX', 'UV_INDEX_URL']],
  ['PIP_EXTRA_INDEX_URL', ['UV_INDEX', 'UV_EXTRA_INDEX_URL']],
  ['PIP_DEFAULT_TIMEOUT', ['UV_HTTP_TIMEOUT']],
  ['PIP_RETRIES', ['UV_HTTP_RETRIES']],
  ['PIP_TRUSTED_HOST', ['UV_INSECURE_HOST']],
  ['PIP_FIND_LINKS', ['UV_FIND_LINKS']],
  ['PIP_NO_INDEX', ['UV_NO_INDEX']],
];

/** Shell lines that give each installer the options that are set for the other one, and nothing where none is. */
export function installerAliases({ values, fromHost, secrets }: BuildEnvironment): readonly string[] {
  const names = new Set([...Object.keys(values), ...fromHost, ...secrets.map(({ name }) => name)]);
  return ALIASES.flatMap(([pip, uv]) => {
    const set = uv.find((name) => names.has(name));
    if (names.has(pip)) return set === undefined ? [alias(uv[0]!, pip)] : [];
    return set === undefined ? [] : [alias(pip, set)];
  });
}

/** uv allows `name=url`, several of them with blanks between; pip knows no names. */
function alias(name: string, from: string): string {
  const value =
    name.startsWith('PIP_') && from.includes('INDEX')
      ? `"$(printf '%s' "\${${from}}" | sed -E 's/(^| )[A-Za-z0-9_.-]+=(https?:)/\\1\\2/g')"`
      : `"$${from}"`;
  return `[ -z "\${${from}:-}" ] || export ${name}=${value}`;
}
