import type { Argv } from '../detection/types';

/** Quotes one word for a POSIX shell inside the image build. Source: POSIX.1-2024, 2.2.2 "Single-Quotes". */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument vector as a line of a build script. */
export function shellLine(argv: Argv): string {
  return argv.map(shellWord).join(' ');
}

/** Text in which `${NAME}` stands for a variable, as one word: everything else is taken as it is written. */
export function shellTemplate(text: string): string {
  return text
    .split(/(\$\{[A-Za-z_][A-Za-z0-9_]*\})/)
    .map((part, at) => (at % 2 === 1 ? `"${part}"` : part === '' ? '' : shellWord(part)))
    .join('');
}
