import type { BuildFacts } from '../detection/build-facts';

/** What a package is called that says "ask git" where there is none. Source: PEP 440. */
export const NO_VERSION = '0.0.0';

/** The version that a build without git gets; undefined where the project's files say it themselves. */
export function versionWithoutGit({ fromGit }: BuildFacts): string | undefined {
  return fromGit && (fromGit.fallback ?? NO_VERSION);
}
