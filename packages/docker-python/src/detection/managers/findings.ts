import type { Finding } from '../types';

/** The project has no lock file: its image gets whatever is newest on the day of the build. */
export function unlocked(manifest: string, command?: string): Finding {
  return {
    code: 'unlocked',
    message: `${manifest} has no lock file: two builds on different days can install different versions.`,
    hint: `Run the target pin-deps${command === undefined ? '' : ` (or "${command}")`} and commit what it writes.`,
  };
}
