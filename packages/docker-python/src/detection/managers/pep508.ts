import { type DistributionName, distributionName, type Requirement } from '../types';
import { pinnedVersion } from './pep440';

/** A requirement string, taken apart. Source: PEP 508, "Dependency specifiers". */
export interface Pep508 {
  readonly name: DistributionName;
  readonly extras: readonly string[];
  /** Version clauses as written: `>=2,<3`; empty for none and for URLs. */
  readonly specifiers: string;
  /** After `@`. */
  readonly url?: string;
  readonly marker?: string;
}

const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*/;
const CLAUSES = /^\(?\s*((?:===|==|!=|<=|>=|<|>|~=)[^;()]*)\)?\s*$/;

/**
 * Takes a requirement string apart.
 *
 * @returns undefined if it is not one, which is for the caller to report with file and line
 */
export function parsePep508(text: string): Pep508 | undefined {
  const folded = text.replaceAll(/\s+/g, ' ').trim();
  const head = NAME.exec(folded);
  if (!head) return undefined;
  const rest = folded.slice(head[0].length);
  const base = { name: distributionName(head[1]!), extras: parseExtras(head[2]) };
  if (rest.startsWith('@')) {
    const [, url = '', marker] = /^@\s*(\S+)(?:\s*;\s+|\s+;\s*)?(.*)$/s.exec(rest) ?? [];
    return url === '' ? undefined : { ...base, specifiers: '', url, ...(marker ? { marker } : {}) };
  }
  const semicolon = rest.indexOf(';');
  const clauses = (semicolon < 0 ? rest : rest.slice(0, semicolon)).trim();
  const marker = semicolon < 0 ? '' : rest.slice(semicolon + 1).trim();
  const specifiers = clauses === '' ? '' : CLAUSES.exec(clauses)?.[1]?.trim();
  if (specifiers === undefined) return undefined;
  return { ...base, specifiers, ...(marker ? { marker } : {}) };
}

function parseExtras(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
}

/** The fact that a requirement string states. */
export function toRequirement({
  name,
  extras,
  specifiers,
}: Pick<Pep508, 'name' | 'extras' | 'specifiers'>): Requirement {
  const version = pinnedVersion(specifiers);
  return { name, ...(version === undefined ? {} : { version }), ...(extras.length > 0 ? { extras } : {}) };
}
