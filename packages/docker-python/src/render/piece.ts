import type { ImagePlan, Stage } from '../plan/types';

/** What stands for the stage as this plugin renders it. */
export const DEFAULT_PIECE = '{default}';

/**
 * A stage as an organisation's template has it: its text with the marks filled in. A mark after `$` is a variable of
 * the Dockerfile and stays.
 *
 * @param rendered the stage as it would be without
 * @param template undefined where there is none
 */
export function fillPiece(rendered: string, template: string | undefined, plan: ImagePlan): string {
  if (template === undefined) return rendered;
  const base = plan.stages.find((stage): stage is Extract<Stage, { name: 'base' }> => stage.name === 'base')!;
  const values: Readonly<Record<string, string>> = {
    default: rendered.trimEnd(),
    python: plan.python,
    base: base.image.reference,
    workdir: plan.runtime.workdir,
    user: plan.runtime.user,
  };
  return template.replace(/(?<!\$)\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark);
}
