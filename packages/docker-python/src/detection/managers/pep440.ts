/**
 * Versions and version specifiers. Source: PEP 440, today "Version specifiers" of the Python packaging
 * specifications; local versions and epochs are compared as far as choosing a Python or a tool needs it.
 */

/** A version as numbers that compare element by element; undefined if the text is no version. */
export interface Version {
  readonly release: readonly number[];
  /** Below zero before the final release (dev, a, b, rc), zero for it, above for post releases. */
  readonly phase: number;
  readonly phaseNumber: number;
}

const VERSION =
  /^v?(?:\d+!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:[-_.]?(post|rev|r)[-_.]?(\d*)|-(\d+))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9._-]+)?$/i;
const PHASES: Readonly<Record<string, number>> = {
  a: -3,
  alpha: -3,
  b: -2,
  beta: -2,
  c: -1,
  rc: -1,
  pre: -1,
  preview: -1,
};

export function parseVersion(text: string): Version | undefined {
  const match = text.length > 200 ? null : VERSION.exec(text.trim());
  if (!match) return undefined;
  const [, release, pre, preNumber, post, postNumber, dashed, dev, devNumber] = match;
  const [phase, number] =
    pre !== undefined
      ? [PHASES[pre.toLowerCase()]!, preNumber]
      : dev !== undefined
        ? [-4, devNumber]
        : post !== undefined || dashed !== undefined
          ? [1, postNumber ?? dashed]
          : [0, ''];
  return { release: release!.split('.').map(Number), phase, phaseNumber: Number(number || 0) };
}

/** Negative, zero or positive, like a sort function. Missing release segments count as zero. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.release.length, b.release.length); i++) {
    const difference = (a.release[i] ?? 0) - (b.release[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.phase - b.phase || a.phaseNumber - b.phaseNumber;
}

/** One clause: `>=3.11`, `==3.12.*`. */
export interface Specifier {
  readonly operator: '===' | '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=';
  readonly version: Version;
  /** Ends in `.*`. */
  readonly wildcard: boolean;
}

/** The clauses of a comma-separated specifier set, all of which must hold; undefined if one is not understood. */
export function parseSpecifiers(text: string): readonly Specifier[] | undefined {
  const clauses: Specifier[] = [];
  for (const part of text.split(',').map((clause) => clause.trim())) {
    if (part === '' || part === '*') continue;
    const match = /^(===|==|!=|<=|>=|<|>|~=)\s*([^\s*]+?)(\.\*)?$/.exec(part);
    const version = match && parseVersion(match[2]!);
    if (!match || !version) return undefined;
    clauses.push({ operator: match[1] as Specifier['operator'], version, wildcard: match[3] !== undefined });
  }
  return clauses;
}

/** Whether a version satisfies every clause. */
export function satisfies(version: Version, clauses: readonly Specifier[]): boolean {
  return clauses.every((clause) => satisfiesOne(version, clause));
}

function satisfiesOne(version: Version, { operator, version: bound, wildcard }: Specifier): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case '===':
    case '==':
      return wildcard ? startsWith(version, bound.release) : order === 0;
    case '!=':
      return wildcard ? !startsWith(version, bound.release) : order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '~=':
      return order >= 0 && startsWith(version, bound.release.slice(0, -1));
  }
}

function startsWith(version: Version, prefix: readonly number[]): boolean {
  return prefix.every((segment, i) => (version.release[i] ?? 0) === segment);
}

/** The one version that a specifier set pins (`==1.2.3`), else undefined. */
export function pinnedVersion(specifiers: string): string | undefined {
  const match = /^\s*={2,3}\s*([^\s,*]+)\s*$/.exec(specifiers);
  return match && parseVersion(match[1]!) ? match[1] : undefined;
}
