import type { PinnedProject } from '../detection/managers';
import { findCaBundle } from '../engine/ca-bundle';
import { dockerEngine } from '../engine/docker';
import { runProcess } from '../engine/process';
import { renderListExport } from '../render/dockerfile';
import type { LendExporters } from '../slices/renew-slice';
import type { ImageDesign } from './design-image';

/** The project of a design, if it is under a shared lock. */
export function pinnedProject({ project }: ImageDesign): PinnedProject | undefined {
  return project.shared && { ...project, shared: project.shared };
}

/**
 * What exports the slice of a project, on demand: the processes of this machine, and its engine with the stages of
 * the image up to the list.
 *
 * @param workspaceRoot absolute
 * @param env of this process: where it keeps certificates
 */
export function exportersOf(
  { plan, project, settings: { settings } }: ImageDesign,
  shared: PinnedProject['shared'],
  workspaceRoot: string,
  env: Readonly<Record<string, string | undefined>>,
): LendExporters {
  return async (work) => {
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
  };
}
