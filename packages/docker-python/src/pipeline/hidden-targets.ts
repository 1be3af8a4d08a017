import type { Finding } from '../detection/types';
import type { PluginOptions } from '../settings/schema';
import { TARGET_NAMES, type TargetKind } from '../settings/targets';

/** What Nx knows of a target, as far as it says whose it is. */
export interface OwnedTarget {
  readonly executor?: string;
  readonly command?: string;
}

/**
 * Targets of a project that take the place of ours: what project.json says, or a plugin that comes later, wins over what
 * this plugin infers. One without an executor adds to ours.
 *
 * @param targets by name: those of project.json, or those that Nx has made of everything
 */
export function hiddenTargets(
  targets: Readonly<Record<string, OwnedTarget>>,
  { targets: renamed = {} }: Pick<PluginOptions, 'targets'>,
): readonly Finding[] {
  return (Object.keys(TARGET_NAMES) as TargetKind[]).flatMap((kind) => {
    const name = renamed[kind] ?? TARGET_NAMES[kind];
    const { executor, command } = targets[name] ?? {};
    const program = executor ?? command;
    if (program === undefined || executor?.startsWith('docker-python:')) return [];
    return [
      {
        code: 'TARGET_HIDDEN',
        message: `The project has a target "${name}" of its own (${program}), which takes the place of the one of docker-python.`,
        hint: `Remove or rename it. To keep it everywhere: "targets": { "${kind}": "another-name" } in the options of the plugin in nx.json.`,
      },
    ];
  });
}
