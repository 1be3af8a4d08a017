import { basename } from 'node:path/posix';
import type { Hook } from '../plan/hooks';
import { trustCaBundle } from './instructions';
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
  return hook ? [...trustCaBundle, shellLine([...hook.interpreter, target(hook), ...args])] : [];
}
