import type { PinnedProject } from '../detection/managers';
import { dockerEngine } from '../engine/docker';
import { runProcess } from '../engine/process';
import { renderListExport } from '../render/dockerfile';
import type { LendExporters } from '../slices/renew-slice';
import { gatherBuildInputs } from './build-inputs';
import { builderScripts, type ImageDesign } from './design-image';

/** The project of a design, if it is under a shared lock. */
export function pinnedProject({ project }: ImageDesign): PinnedProject | undefined {
  return project.shared && { ...project, shared: project.shared };
}

/**
 * What exports the slice of a project, on demand: the processes of this machine, and its engine with the stages of
 * the image up to the list.
 *
 * @param workspaceRoot absolute
 * @param env of this process: certificates, secrets, the SSH agent
 */
export function exportersOf(
  design: ImageDesign,
  shared: PinnedProject['shared'],
  workspaceRoot: string,
  env: Readonly<Record<string, string | undefined>>,
): LendExporters {
  const {
    plan,
    project,
    settings: { settings },
  } = design;
  return async (work) => {
    const lock = {
      name: 'lock',
      root: shared.root,
      manager: project.manager.value,
      recipe: shared.exporter,
      extra: [],
    } as const;
    const gathered = gatherBuildInputs(design, workspaceRoot, env);
    try {
      return await work({
        start: runProcess,
        engine: dockerEngine(),
        dockerfile: renderListExport(plan, lock),
        scripts: builderScripts(design),
        build: {
          buildArgs: gathered.buildArgs,
          inputs: gathered.inputs,
          extraArgs: settings.extraBuildArgs ?? [],
        },
      });
    } finally {
      gathered.dispose();
    }
  };
}
