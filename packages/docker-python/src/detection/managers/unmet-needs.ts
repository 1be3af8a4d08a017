import { stringAt, type Table } from '../toml';
import { type DistributionName, distributionName } from '../types';
import type { LockedPackage } from './closure';
import { parsePep508 } from './pep508';
import { parseSpecifiers, parseVersion, satisfies, type Specifier } from './pep440';
import { parsePoetryRange } from './python-range';

/** What a manifest asks for: a name, and the versions that will do, as sets of clauses one of which has to hold. */
export interface StatedNeed {
  readonly name: DistributionName;
  readonly versions: readonly (readonly Specifier[])[];
}

/** Requirement strings as needs. */
export function statedNeeds(texts: readonly string[]): readonly StatedNeed[] {
  return texts.flatMap((text) => {
    const parsed = parsePep508(text);
    const clauses = parsed && parseSpecifiers(parsed.specifiers);
    return parsed ? [{ name: parsed.name, versions: [clauses ?? []] }] : [];
  });
}

/** Poetry's dependency tables as needs: `flask = "^3.1"`, `{ version = "^3.1" }`. */
export function poetryNeeds(table: Table): readonly StatedNeed[] {
  return Object.entries(table)
    .filter(([name]) => name.toLowerCase() !== 'python')
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : stringAt(value, 'version');
      return {
        name: distributionName(name),
        versions: (text === undefined ? undefined : parsePoetryRange(text)) ?? [[]],
      };
    });
}

/** Needs of a manifest that no package of the lock meets, one sentence each. */
export function unmetNeeds(
  manifest: string,
  needs: readonly StatedNeed[],
  packages: readonly LockedPackage[],
): readonly string[] {
  const meets = ({ name, versions }: StatedNeed): boolean =>
    packages.some((locked) => {
      const version = parseVersion(locked.version ?? '');
      const fits = version === undefined || versions.some((clauses) => satisfies(version, clauses));
      return locked.name === name && fits;
    });
  return needs
    .filter((need) => !meets(need))
    .map(({ name }) => `${manifest} and the lock do not agree about ${name}`);
}
