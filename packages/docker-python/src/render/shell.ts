import type { Argv } from '../detection/types';

/** Quotes one word for a POSIX shell inside the image build. Source: POSIX.1-2024, 2.2.2 "Single-Quotes". */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument vector as a line of a build script. */
export function shellLine(argv: Argv): string {
  return argv.map(shellWord).join(' ');
}
