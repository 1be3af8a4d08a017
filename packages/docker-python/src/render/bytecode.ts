import { shellLine } from './shell';
import { SCRIPTS } from './stages/scripts';

const PROGRAM = `${SCRIPTS}/bytecode.py`;

/** Makes `compile` work in a step. Of the programs only this one, so that the others can change without this step. */
export const COMPILER_MOUNT = `type=bind,from=scripts,source=/bytecode.py,target=${PROGRAM}`;

/**
 * A line of a build script that compiles all Python files of a folder, each to the same bytes on any machine.
 *
 * @param folder as a word of the shell
 * @param skipped names of folders that are left as they are
 */
export function compile(folder: string, skipped: readonly string[] = []): string {
  return ['/usr/local/bin/python', PROGRAM, folder, ...skipped.map((name) => shellLine([name]))].join(' ');
}
