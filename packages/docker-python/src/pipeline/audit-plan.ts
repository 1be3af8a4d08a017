import type { LockStage } from '../plan/types';
import { renderAudit } from '../render/audit';
import type { ImageDesign } from './design-image';
import { ignoreFor } from './pin-plan';

/**
 * The build that asks a database about what an image installs. Pure.
 *
 * @param database address of the query of an OSV API
 */
export function planAudit(
  design: ImageDesign,
  database: string,
): { readonly dockerfile: string; readonly ignore: string } {
  const { project, plan, settings } = design;
  const lock: LockStage = {
    name: 'lock',
    root: project.root,
    manager: project.manager.value,
    recipe: project.recipe,
    extra: settings.settings.extraRequirements ?? [],
  };
  return { dockerfile: renderAudit(plan, lock, database), ignore: ignoreFor(design, project.recipe.files) };
}
