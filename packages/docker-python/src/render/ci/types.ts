/** How a workspace installs and starts Nx. */
export interface NodeSetup {
  /** Version of Node, or the file that says which. */
  readonly node: { readonly version: string } | { readonly file: string };
  /** Whether npm installs: its cache is the one that CI systems know without further programs. */
  readonly npm: boolean;
  /** Shell lines. */
  readonly install: readonly string[];
  /** `['npx', 'nx']` */
  readonly nx: readonly string[];
}

/** Everything that a CI configuration follows from. */
export interface CiFacts {
  readonly setup: NodeSetup;
  /** Whose pushes publish: names, or patterns with `*` and `**`. */
  readonly branches: readonly string[];
  readonly defaultBranch: string;
  /** Tags of git that release: names, or patterns with `*` and `**`. None: no tag does. */
  readonly releaseTags: readonly string[];
  readonly schedule: 'weekly' | 'daily' | 'never';
  readonly renewal: 'commit' | 'pull-request';
  /** Hosts that images are sent to: `ghcr.io`. */
  readonly registries: readonly string[];
  /** Hosts that images are only pulled from. */
  readonly sources: readonly string[];
  /** Names of variables that builds read secrets from: `ACME_TOKEN`. None of those that the jobs have anyway. */
  readonly secrets: readonly string[];
  readonly targets: {
    readonly build: string;
    readonly smokeTest: string;
    readonly push: string;
    readonly audit: string;
  };
  /** The command that makes these files again. */
  readonly command: string;
}

/** A configuration file and where it belongs. */
export interface CiFile {
  /** Workspace-relative. */
  readonly path: string;
  readonly text: string;
}

/** Branches that bots for dependencies make: what they bump has derived files that they do not know of. */
export const BOTS = ['dependabot', 'renovate'] as const;

/** Where the shell script of the steps lies, from the root of the workspace. */
export const STEPS = 'tools/ci/docker-python.sh';

/** What the user may have run before the steps, from the root of the workspace. */
export const BEFORE = 'tools/ci/docker-python.before.sh';

/** When a renewal is due: at a minute at which few others begin. Format: crontab(5). */
export const CRON = { weekly: '23 4 * * 1', daily: '23 4 * * *' } as const;

/** Jobs that send nothing have a login of their own: they run code that nobody has looked at yet. */
export type Access = 'read' | 'write';

/** Names of variables. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Variables that the jobs have themselves. As a secret of builds, a login that may write would be in jobs that must not
 * have it; and no secret of GitHub is called GITHUB_... but the token of the job.
 */
const OF_THE_JOBS =
  /^(DOCKER_PYTHON_\w+|NX_\w+|REGISTRY_(READ_)?(USERNAME|PASSWORD)(_\d+)?|GIT_AUTHOR_\w+|GH_TOKEN|GITHUB_(?!TOKEN$)\w+|PATH|HOME)$/;

/** Whether a variable of this name is left to the jobs. */
export function isOfTheJobs(name: string): boolean {
  return OF_THE_JOBS.test(name);
}

/** Names of the two variables with the login of a registry, as the steps read them. */
export function loginOf(index: number, access: Access = 'write'): Login {
  const kind = access === 'read' ? 'READ_' : '';
  const suffix = index === 0 ? '' : `_${index + 1}`;
  return { username: `REGISTRY_${kind}USERNAME${suffix}`, password: `REGISTRY_${kind}PASSWORD${suffix}` };
}

/** All logins of a job. Where images are only pulled from, the one that reads is for all. */
export function loginsOf(
  { registries, sources }: Pick<CiFacts, 'registries' | 'sources'>,
  access: Access,
): readonly (Login & { readonly host: string })[] {
  return [
    ...registries.map((host, index) => ({ host, ...loginOf(index, access) })),
    ...sources.map((host, index) => ({ host, ...loginOf(registries.length + index, 'read') })),
  ];
}
