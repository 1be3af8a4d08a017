import { BEFORE, loginOf } from '../../render/ci/types';
import type { CiNeeds } from './facts';

/** What somebody has to do for the jobs, a line for each. */

/** Of a system that has no registry. */
export const none = (): boolean => false;

/**
 * @param builtIn whether the configuration has the login of a registry from the system itself
 * @param builtInSource the same of one that images are only pulled from
 */
export function missingLogins(
  { registries, sources }: CiNeeds,
  builtIn: (host: string) => boolean,
  where: string,
  builtInSource: (host: string) => boolean = none,
): readonly string[] {
  const unset =
    'No "registry" is set yet: write it into "defaults" of the plugin in nx.json, and run this again.';
  const pushed = registries.flatMap((host, index) => {
    const [write, read] = (['write', 'read'] as const).map((access) => {
      const { username, password } = loginOf(index, access);
      return `${username} and ${password}`;
    });
    return builtIn(host)
      ? []
      : [`The login of ${host}: ${write}, ${where}; one that only reads, for verify: ${read}.`];
  });
  const pulled = sources.flatMap((host, index) => {
    const { username, password } = loginOf(registries.length + index, 'read');
    return builtInSource(host)
      ? []
      : [
          `The login of ${host}, which is only pulled from, if it wants one: ${username} and ${password}, ${where}.`,
        ];
  });
  return [...(registries.length === 0 ? [unset] : pushed), ...pulled];
}

/** @param builtIn variables that the system gives to each of its jobs */
export function missingSecrets(
  { secrets, misnamed, secretFiles }: CiNeeds,
  builtIn: RegExp,
  where: string,
): readonly string[] {
  const names = secrets.filter((name) => !builtIn.test(name));
  return [
    ...names.map((name) => `The secret ${name}, for builds: ${where}. It should only read.`),
    ...misnamed.map(
      (name) => `The jobs use ${name} themselves: let "buildEnv" take that secret from another variable.`,
    ),
    ...secretFiles.map(
      (file) => `The file ${file}, a secret of builds, has to be on the machine, or ${BEFORE} puts it there.`,
    ),
  ];
}

/** Once, where nobody has decided. */
export function missingCache({ registries, cacheUndecided }: CiNeeds): readonly string[] {
  return registries.length > 0 && cacheUndecided
    ? [
        'Optional: "cache": "registry" in "defaults" of the plugin in nx.json keeps layers there. Without it a new machine builds all stages of an image that changed.',
      ]
    : [];
}

/** Which branches a schedule has to be made for. */
export function everyPublished(facts: CiNeeds): string {
  const others = besideDefault(facts);
  return others.length === 0 ? facts.defaultBranch : [facts.defaultBranch, ...others].join(', ');
}

/** Where a schedule is one of the default branch alone. */
export function missingRenewals(facts: CiNeeds): readonly string[] {
  const others = besideDefault(facts);
  return facts.schedule === 'never' || others.length === 0
    ? []
    : [
        `The schedule renews ${facts.defaultBranch} alone: "Run workflow" on a branch of ${others.join(', ')} renews that.`,
      ];
}

function besideDefault({ branches, defaultBranch }: CiNeeds): readonly string[] {
  return branches.filter((branch) => branch !== defaultBranch);
}
