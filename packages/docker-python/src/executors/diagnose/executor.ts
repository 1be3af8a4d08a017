import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { contextFiles } from '../../build/context-files';
import { diskFiles } from '../../detection/files';
import { dockerEngine } from '../../engine/docker';
import { runProcess, type ProcessRunner } from '../../engine/process';
import { dockerRegistries } from '../../engine/registries';
import { hiddenTargets } from '../../pipeline/hidden-targets';
import { nameFindings } from '../../pipeline/inferred-projects';
import { syntaxFindings } from '../../pipeline/syntax-findings';
import { pinnedProject } from '../../pipeline/shared-lock';
import { ownership } from '../../render/managed';
import { sliceState } from '../../slices/freshness';
import { readOptionSettings } from '../../settings/resolve';
import { pluginOptions, readProject, report, type ProjectInQuestion } from '../project';
import { diagnose, type Diagnosis } from './diagnosis';
import { printReport, reportImage } from './image';
import { nextBuild } from './next-build';
import { printDiagnosis } from './print';
import { repinning } from './repinning';

/** A registry that is slow or gone must not keep anybody waiting who only wants to know. */
const inAHurry: ProcessRunner = (program, argv, options) =>
  runProcess(program, argv, { ...options, timeoutMs: 5_000 });

export interface DiagnoseOptions {
  readonly json?: boolean;
  /** A reference, or nothing but the option itself for the project's own image. */
  readonly image?: string | boolean;
}

/**
 * Says what was detected and decided, why, and what the next build would do, for which an engine is asked if there is
 * one. Or looks at an image.
 */
export default function runDiagnose(
  { json = false, image = false }: DiagnoseOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(async () => {
    const project = readProject(context, readOptionSettings({}, 'the options of this run'));
    if (image !== false) {
      const named = image === true || image === '' || image === 'true' ? undefined : image;
      const found = await reportImage(named, project, context);
      process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : printReport(found));
      return;
    }
    const [, ignore] = project.design.managed;
    const files = contextFiles(context.root, ignore.text, new Set(), new Set()).map(({ path }) => ({
      path,
      bytes: lstatSync(join(context.root, path)).size,
    }));
    const { name, root, design } = project;
    const states = { ...managedStates(project), ...sliceStates(project) };
    const sources = diskFiles(context.root);
    const ofWorkspace = [
      ...hiddenTargets(context.projectsConfigurations.projects[name]?.targets ?? {}, pluginOptions(context)),
      ...nameFindings(sources, root, name),
      ...syntaxFindings(sources, design),
      ...repinning(sources, design, name),
    ];
    const next = await nextBuild({ ...dockerEngine(), ...dockerRegistries(inAHurry) }, project, context);
    const diagnosis = diagnose(name, root, design, files, states, next, ofWorkspace);
    process.stdout.write(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : printDiagnosis(diagnosis));
  });
}

/** State of the lock slice, where there is one. A manifest that may be ahead of its lock is for docker-build to ask. */
function sliceStates({ workspaceRoot, design }: ProjectInQuestion): Diagnosis['managedFiles'] {
  const pinned = pinnedProject(design);
  if (!pinned) return {};
  const states = {
    current: 'current',
    doubtful: 'current',
    stale: 'out of date',
    edited: 'edited by hand',
  } as const;
  const { slice } = pinned.shared;
  const missing = readIfPresent(join(workspaceRoot, slice)) === undefined;
  const { kind } = sliceState(diskFiles(workspaceRoot), pinned);
  return { [slice]: missing ? 'missing' : states[kind] };
}

function managedStates({ workspaceRoot, committedDesign }: ProjectInQuestion): Diagnosis['managedFiles'] {
  return Object.fromEntries(
    committedDesign.managed.map(({ path, text }) => {
      const present = readIfPresent(join(workspaceRoot, path))?.replaceAll('\r\n', '\n');
      if (present === undefined) return [path, 'missing' as const];
      if (ownership(present) !== 'managed') return [path, 'edited by hand' as const];
      return [path, present === text ? ('current' as const) : ('out of date' as const)];
    }),
  );
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
