import type { ImageDesign } from '../../pipeline/design-image';
import { factLines, factsOf, findingLines, findingsOf } from '../../pipeline/facts';
import type { ManagedFileReport } from '../managed-files';
import type { NamedRoot } from '../workspace';

/** What setup decided and why, for the terminal: one fact a line with the file that decided it. */
export function setupReport(
  { name, root }: NamedRoot,
  design: ImageDesign,
  files: readonly ManagedFileReport[],
): string {
  return [
    '',
    `${name} (${root})`,
    ...factLines(factsOf(design)),
    '',
    ...files.map(({ path, outcome }) => `  ${path}: ${outcome}`),
    ...findingLines(findingsOf(design)),
    '',
    `Next: nx docker-build ${name}`,
    '',
  ].join('\n');
}
