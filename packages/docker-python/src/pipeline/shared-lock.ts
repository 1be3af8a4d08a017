import type { PinnedProject } from '../detection/managers';
import { findCaBundle } from '../engine/ca-bundle';
import { dockerEngine } from '../engine/docker';
import { runProcess } from '../engine/process';
import { renderListExport } from '../render/dockerfile';
import type { Exporters } from '../slices/export-list';
import type { ImageDesign } from './design-image';

/** The project of a design, if it is under a shared lock. */
export function pinnedProject({ project }: ImageDesign): PinnedProject | undefined {
  return project.shared && { ...project, shared: project.shared };
}

/**
 * Does some work with what exports the slice of a project: the processes of this machine, and its engine with the
 * stages of the image up to the list.
 *
 * @param workspaceRoot absolute
 * @param env of this process: where it keeps certificates
 */
export async function withExporters<T>(
  { plan, project, settings: { settings } }: ImageDesign,
  workspaceRoot: string,
  env: Readonly<Record<string, string | undefined>>,
  work: (exporters: Exporters) => Promise<T>,
): Promise<T> {
  const shared = project.shared!;
  const lock = {
    name: 'lock',
    root: shared.root,
    manager: project.manager.value,
    recipe: shared.exporter,
    extra: [],
  } as const;
  const bundle = findCaBundle(settings.caBundle ?? 'auto', workspaceRoot, env);
  try {
    return await work({
      start: runProcess,
      engine: dockerEngine(),
      dockerfile: renderListExport(plan, lock),
      build: {
        secretFiles: bundle.path === undefined ? {} : { ca: bundle.path },
        extraArgs: settings.extraBuildArgs ?? [],
      },
    });
  } finally {
    bundle.dispose();
  }
}
