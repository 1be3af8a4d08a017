import { parseSpecifiers, parseVersion, satisfies, type Specifier } from './pep440';

/** The Python versions that a declaration allows: any of several sets of clauses. */
export type PythonRange = readonly (readonly Specifier[])[];

/**
 * The versions that `requires-python` allows. Source: PEP 440. A bare version (`3.12`) means that one.
 *
 * @returns undefined if it is not understood
 */
export function parseRequiresPython(text: string): PythonRange | undefined {
  const clauses = parseSpecifiers(/^\s*\d/.test(text) ? `==${text.trim()}` : text);
  return clauses && [clauses];
}

/**
 * The versions that Poetry's `python` allows: caret, tilde, wildcards, ranges, and `||` between alternatives.
 * Source: Poetry's documentation, "Dependency specification".
 */
export function parsePoetryRange(text: string): PythonRange | undefined {
  const sets = text.split(/\|\|?/).map((alternative) => {
    const clauses = (alternative.match(/(?:[\^~<>=!]+\s*)?[^\s,]+/g) ?? []).map(poetryClauses);
    return clauses.some((clause) => clause === undefined) ? undefined : clauses.flatMap((clause) => clause!);
  });
  return sets.some((set) => set === undefined) ? undefined : sets.map((set) => set!);
}

function poetryClauses(clause: string): readonly Specifier[] | undefined {
  const [, operator = '', rest = ''] = /^([\^~<>=!]*)\s*(.*)$/s.exec(clause) ?? [];
  const release = parseVersion(rest.replace(/\.\*$/, ''))?.release ?? [];
  const up = (digits: number): string =>
    [...release.slice(0, digits - 1), (release[digits - 1] ?? 0) + 1].join('.');
  switch (operator) {
    case '^': // up to the next change of the leftmost part that is not zero
      return parseSpecifiers(`>=${rest},<${up(Math.max(1, release.findIndex((part) => part > 0) + 1))}`);
    case '~': // up to the next minor release, or major if only that is given
      return parseSpecifiers(`>=${rest},<${up(Math.min(2, Math.max(1, release.length)))}`);
    case '':
      return parseSpecifiers(rest === '*' ? '' : `==${rest}`);
    case '=':
      return parseSpecifiers(`==${rest}`);
    default:
      return parseSpecifiers(`${operator}${rest}`);
  }
}

/**
 * Whether a minor release of Python is allowed. An image gets the newest patch of it, so that is what is compared;
 * a range that only an older patch satisfies (`==3.12.4`, `<=3.12`) allows it "at other patches".
 */
export function allows(range: PythonRange, minor: string): 'yes' | 'at other patches' | 'no' {
  if (range.some((clauses) => satisfies(patch(minor, NEWEST), clauses))) return 'yes';
  const named = range.flat().flatMap(({ version }) => version.release[2] ?? 0);
  const others = [0, ...named, ...named.map((at) => at + 1)];
  return range.some((clauses) => others.some((at) => satisfies(patch(minor, at), clauses)))
    ? 'at other patches'
    : 'no';
}

/** Later than any patch release there will be. */
const NEWEST = 999;

function patch(
  minor: string,
  number: number,
): { release: readonly number[]; phase: number; phaseNumber: number } {
  return { release: [...minor.split('.').map(Number), number], phase: 0, phaseNumber: 0 };
}
