import type { Finding } from '../../detection/types';
import type { ImageDesign } from '../../pipeline/design-image';
import { factsOf, findingsOf, type Fact } from '../../pipeline/facts';
import type { NextBuild } from './next-build';
import { unreproducible } from './reproducibility';
import { contextFindings, type SizedFile } from '../../plan/context-findings';

/** Everything that can be said about a project's image without building it. The form of `--json`. */
export interface Diagnosis {
  readonly project: string;
  readonly root: string;
  readonly facts: readonly Fact[];
  readonly settings: readonly { readonly key: string; readonly value: unknown; readonly from: string }[];
  readonly stages: readonly string[];
  readonly context: {
    readonly files: number;
    readonly bytes: number;
    /** The largest ones, largest first. */
    readonly largest: readonly SizedFile[];
  };
  readonly managedFiles: Readonly<Record<string, 'current' | 'out of date' | 'edited by hand' | 'missing'>>;
  readonly nextBuild: NextBuild;
  /** Why another build of the same sources may have another digest; empty if it may not. */
  readonly unreproducible: readonly Finding[];
  readonly findings: readonly Finding[];
}

const LARGEST = 5;

export function diagnose(
  name: string,
  root: string,
  design: ImageDesign,
  files: readonly SizedFile[],
  managedFiles: Diagnosis['managedFiles'],
  nextBuild: NextBuild,
  ofWorkspace: readonly Finding[] = [],
): Diagnosis {
  const { settings, sources } = design.settings;
  return {
    project: name,
    root,
    facts: factsOf(design),
    settings: Object.entries(settings).map(([key, value]) => ({
      key,
      value,
      from: sources[key as keyof typeof sources] ?? 'unknown',
    })),
    stages: design.plan.stages.map((stage) => stage.name),
    context: {
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      largest: [...files].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
    },
    managedFiles,
    nextBuild,
    unreproducible: unreproducible(design, nextBuild.engine),
    findings: [...ofWorkspace, ...findingsOf(design), ...contextFindings(files)],
  };
}
