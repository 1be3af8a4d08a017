import type { NamedIndex } from '../detection/indexes';
import type { Settings } from '../settings/schema';
import { indexCredentials, type IndexCredentials } from './credentials';

/** A secret as build steps see it. */
export interface BuildSecret {
  readonly name: string;
  /** Whether the variable holds the secret itself, or the path of the file that has it. */
  readonly as: 'text' | 'path';
}

/** What every build step that uses the network gets beside the sources. Nothing of it is part of the image. */
export interface BuildEnvironment {
  /** Variables with their values, which stand in the Dockerfile. */
  readonly values: Readonly<Record<string, string>>;
  /** Variables whose values the host gives as build arguments. */
  readonly fromHost: readonly string[];
  readonly secrets: readonly BuildSecret[];
  /** Whether a changed secret makes the steps that see it run again: false where all of them rotate. */
  readonly keyed: boolean;
  /** Credentials among these variables, for whoever fetches packages. */
  readonly credentials: readonly IndexCredentials[];
  /** Whether steps may use the SSH agent. */
  readonly ssh: boolean;
}

/**
 * The build environment that settings ask for. Pure: which variables there are, not what the secrets hold.
 *
 * @param indexes that the manifests name
 */
export function planBuildEnvironment(
  { buildEnv = {}, ssh = false }: Settings,
  indexes: readonly NamedIndex[],
): BuildEnvironment {
  const entries = Object.entries(buildEnv).sort(([a], [b]) => (a < b ? -1 : 1));
  const secrets = entries.flatMap(([name, value]) =>
    typeof value === 'object' && 'secret' in value ? [{ name, ...value }] : [],
  );
  return {
    values: Object.fromEntries(
      entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    fromHost: entries.flatMap(([name, value]) => (typeof value === 'object' && 'env' in value ? [name] : [])),
    secrets: secrets.map(({ name, secret }) => ({
      name,
      as: 'file' in secret ? (secret.as ?? (HOLDS_PATH.test(name) ? 'path' : 'text')) : 'text',
    })),
    keyed: secrets.some(({ rotates }) => rotates !== true),
    credentials: indexCredentials(indexes, Object.keys(buildEnv)),
    ssh,
  };
}

/** Variables that programs read as the path of a file. */
const HOLDS_PATH = /^NETRC$|_(FILE|CERT|BUNDLE)$/;
