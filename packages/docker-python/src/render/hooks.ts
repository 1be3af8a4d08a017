import { basename } from 'node:path/posix';
import type { Hook } from '../plan/hooks';
import type { BuildEnvironment } from '../plan/build-environment';
import { networkStep } from './build-environment';
import { hostMounts, run, UNPINNED, useProxies } from './instructions';
import { shellLine } from './shell';

/** Where a build step finds a script of the user. */
function target({ path }: Hook): string {
  return `/run/hooks/${basename(path)}`;
}

/** The mount of a hook; nothing where there is none. */
export function hookMount(hook: Hook | undefined): readonly string[] {
  return hook ? [`type=bind,source=${hook.path},target=${target(hook)}`] : [];
}

/** Runs a hook; nothing where there is none. */
export function runHook(hook: Hook | undefined, args: readonly string[]): readonly string[] {
  return hook ? [shellLine([...hook.interpreter, target(hook), ...args])] : [];
}

/** A step that installs system packages. It gets the build environment only if a script of the user takes part. */
export function systemStep(
  environment: BuildEnvironment,
  hook: Hook | undefined,
  script: readonly string[],
): string {
  return hook
    ? networkStep(environment, hookMount(hook), script, [UNPINNED])
    : [UNPINNED, run(hostMounts, [useProxies, ...script])].join('\n');
}
