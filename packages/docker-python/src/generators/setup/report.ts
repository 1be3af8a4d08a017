import type { Finding } from '../../detection/types';
import type { ImageDesign } from '../../pipeline/design-image';
import { factLines, factsOf, findingLines, findingsOf } from '../../pipeline/facts';
import type { ManagedFileReport } from '../managed-files';
import { differenceLines, type Difference } from './adoption/compare';
import type { NamedRoot } from '../workspace';

/**
 * What setup decided and why, for the terminal: one fact a line with the file that decided it.
 *
 * @param differences from a Dockerfile of somebody's that was replaced
 * @param seen findings of the project as it was before, with the Dockerfile that is now replaced
 */
export function setupReport(
  { name, root }: NamedRoot,
  design: ImageDesign,
  files: readonly ManagedFileReport[],
  seen: readonly Finding[],
  differences: readonly Difference[] | undefined,
): string {
  const said = new Set(findingsOf(design).map(({ code }) => code));
  return [
    '',
    `${name} (${root})`,
    ...factLines(factsOf(design)),
    '',
    ...files.map(({ path, outcome }) => `  ${path}: ${outcome}`),
    ...(differences ? ['', '  Against the Dockerfile that was there:', ...differenceLines(differences)] : []),
    ...findingLines([...seen.filter(({ code }) => !said.has(code)), ...findingsOf(design)]),
    '',
    `Next: npx nx docker-build ${name}`,
    '',
  ].join('\n');
}
