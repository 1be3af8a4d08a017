/** Kinds of checkouts that tags and caches tell apart. */
export const EVENTS = ['default', 'branch', 'tag', 'pr', 'detached'] as const;

export type Event = (typeof EVENTS)[number];

/** What a CI system or git says about where a build happens. */
export interface CheckoutFacts {
  readonly branch?: string;
  readonly gitTag?: string;
  /** Number of the pull or merge request. */
  readonly pr?: string;
  /** Number of one that is open for the branch, from a system that runs for pushes alone and knows no other. */
  readonly branchPr?: string;
  /** Commit, 40 hex digits. */
  readonly sha?: string;
  readonly defaultBranch?: string;
}

/** Where a build happens, decided. */
export interface Checkout extends Omit<CheckoutFacts, 'branchPr'> {
  readonly event: Event;
  readonly defaultBranch: string;
  /** Whether this is a CI system and not somebody's machine. */
  readonly ci: boolean;
}

/** Branches that a merge queue makes and removes: no image is named after them. */
const MERGE_QUEUE = /^gh-readonly-queue\//;

/**
 * A pull request is one whatever its branch is called; a tag stands for itself, although it lies on a branch. The
 * default branch stays what it is while it has a pull request, as of `main` into `production`.
 *
 * @param known the best ones first: of the settings, of the CI system, of git. The first that says anything about where
 *   this is says it alone: git calls the merge commit of a pull request a detached HEAD
 */
export function checkoutOf(known: readonly CheckoutFacts[], ci: boolean): Checkout {
  const facts = known.map(({ branch, ...rest }) =>
    branch === undefined || MERGE_QUEUE.test(branch) ? rest : { branch, ...rest },
  ) as readonly CheckoutFacts[];
  const named = facts.find((fact) => fact.defaultBranch !== undefined)?.defaultBranch;
  const sha = facts.find((fact) => fact.sha !== undefined)?.sha;
  const at = facts.find((fact) => fact.branch ?? fact.gitTag ?? fact.pr ?? fact.branchPr) ?? {};
  const { branch, gitTag } = at;
  const defaultBranch = named ?? usualDefault(branch);
  const pr = at.pr ?? (branch === defaultBranch ? undefined : at.branchPr);
  const place = {
    ...(branch === undefined ? {} : { branch }),
    ...(gitTag === undefined ? {} : { gitTag }),
    ...(pr === undefined ? {} : { pr }),
    ...(sha === undefined ? {} : { sha }),
  };
  return { ...place, event: eventOf(place, defaultBranch), defaultBranch, ci };
}

/** Who may say what the default branch is called. An empty name is none. */
export interface DefaultBranchSources {
  /** `defaultBranch` in the options of the plugin. */
  readonly plugin?: string | undefined;
  /** The CI system that this runs on. */
  readonly ci?: string | undefined;
  /** The remote: `origin/HEAD`. */
  readonly remote?: string | undefined;
  /** `defaultBase` in nx.json. */
  readonly nx?: string | undefined;
}

/** What the default branch is called, for all that ask: the best source first. */
export function namedDefaultBranch({ plugin, ci, remote, nx }: DefaultBranchSources): string | undefined {
  // Of files that nobody has checked: an event of GitHub, nx.json.
  const names = [plugin, ci, remote, nx].filter((name) => typeof name === 'string');
  return names.map((name) => name.replace(OF_ORIGIN, '')).find((name) => name !== '');
}

/** How git and `defaultBase` name a branch of the remote. */
const OF_ORIGIN = /^(refs\/remotes\/)?origin\//;

/** Where nobody names the default branch: git itself still begins with `master`, unless it is told otherwise. */
export function usualDefault(current: string | undefined): string {
  return current === 'master' ? current : 'main';
}

function eventOf({ branch, gitTag, pr }: CheckoutFacts, defaultBranch: string): Event {
  if (pr !== undefined) return 'pr';
  if (gitTag !== undefined) return 'tag';
  if (branch === undefined) return 'detached';
  return branch === defaultBranch ? 'default' : 'branch';
}
