import type { BuildEnvSettings } from './build-environment';

/** A secret and where this machine has it. */
export type SecretNeed = { readonly name: string; readonly rotates: boolean } & (
  { readonly env: string } | { readonly file: string }
);

/** What the build environment takes from the machine that builds. */
export interface HostNeeds {
  /** Variables of build steps by the variables of the host that they are. */
  readonly variables: readonly { readonly name: string; readonly env: string }[];
  readonly secrets: readonly SecretNeed[];
}

/** Sorted by name, so that order in a file of settings changes nothing. */
export function hostNeeds(buildEnv: BuildEnvSettings = {}): HostNeeds {
  const entries = Object.entries(buildEnv).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    variables: entries.flatMap(([name, value]) =>
      typeof value === 'object' && 'env' in value ? [{ name, env: value.env }] : [],
    ),
    secrets: entries.flatMap(([name, value]) => {
      if (typeof value !== 'object' || !('secret' in value)) return [];
      const { secret, rotates = false } = value;
      return ['env' in secret ? { name, rotates, env: secret.env } : { name, rotates, file: secret.file }];
    }),
  };
}

/** What of it a change of makes an image anew, as names: values that rotate do not. */
export function digested({ secrets }: HostNeeds): {
  readonly variables: readonly string[];
  readonly files: readonly string[];
} {
  const lasting = secrets.filter(({ rotates }) => !rotates);
  return {
    variables: lasting.flatMap((secret) => ('env' in secret ? [secret.env] : [])),
    files: lasting.flatMap((secret) => ('file' in secret ? [secret.file] : [])),
  };
}
