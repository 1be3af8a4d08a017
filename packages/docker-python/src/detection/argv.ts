import type { Argv } from './types';

/** A simple command of a shell line: `A=b cmd arg`. */
export interface SimpleCommand {
  /** Assignments before the command, in order: `["A", "b"]`. */
  readonly env: readonly (readonly [string, string])[];
  readonly argv: Argv;
}

/**
 * What a shell line says. Several commands are those joined by `&&`, `;` or a line break, in order.
 * `problem` says why it needs a real shell: a pipe, a variable nobody knows, an unbalanced quote ...
 */
export type ShellLine = { readonly commands: readonly SimpleCommand[] } | { readonly problem: string };

/** Gives the value of a variable, or undefined if nobody knows it. `fallback` is the one that the line itself gives. */
export type Variables = (name: string, fallback?: string) => string | undefined;

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const MAX_LINE = 20_000;

/**
 * Splits a line as a POSIX shell would: quotes, backslashes, comments, line continuations, `$NAME`, `${NAME}`,
 * `${NAME:-default}`. Nothing is run and no file is looked at.
 *
 * A leading `exec` is dropped. What only a shell could do (pipes, substitutions, globs on unknown files,
 * unknown variables) is reported as a problem instead of being guessed.
 */
export function parseShellLine(line: string, variables: Variables): ShellLine {
  if (line.length > MAX_LINE) return { problem: 'it is too long' };
  const words = tokenize(line.replaceAll('\r\n', '\n'), variables);
  if ('problem' in words) return words;
  const commands: SimpleCommand[] = [];
  let current: string[] = [];
  let quoted: boolean[] = [];
  for (const token of [...words.tokens, { operator: ';' as const }]) {
    if ('operator' in token) {
      if (current.length > 0) commands.push(simpleCommand(current, quoted));
      [current, quoted] = [[], []];
    } else {
      current.push(token.word);
      quoted.push(token.quoted);
    }
  }
  return { commands };
}

/**
 * Splits a command setting: one command, no shell, no variable but `$PORT`, which stays as it is, because the
 * launchers in the image expand it. The problem is a part of a sentence: "it has a pipe".
 */
export function splitCommand(line: string): { readonly argv: Argv } | { readonly problem: string } {
  const parsed = parseShellLine(line, (name) => (name === 'PORT' ? '$PORT' : undefined));
  if ('problem' in parsed) return parsed;
  if (parsed.commands.length !== 1)
    return { problem: parsed.commands.length === 0 ? 'it is empty' : 'it joins several commands' };
  return { argv: toArgv(parsed.commands[0]!) };
}

/** One argument vector: assignments before a command are kept by way of `env`, which every image has. */
export function toArgv({ env, argv }: SimpleCommand): Argv {
  return env.length === 0 ? argv : ['env', ...env.map(([name, value]) => `${name}=${value}`), ...argv];
}

/** A word as it would be typed in a shell; for messages. */
export function quoteArgv(argv: Argv): string {
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function simpleCommand(words: readonly string[], quoted: readonly boolean[]): SimpleCommand {
  const env: [string, string][] = [];
  let at = 0;
  for (; at < words.length && !quoted[at] && ASSIGNMENT.test(words[at]!); at++) {
    const cut = words[at]!.indexOf('=');
    env.push([words[at]!.slice(0, cut), words[at]!.slice(cut + 1)]);
  }
  if (words[at] === 'exec' && words.length > at + 1) at++;
  return { env, argv: words.slice(at) };
}

type Token = { readonly word: string; readonly quoted: boolean } | { readonly operator: '&&' | ';' };

/** Characters outside of quotes that only a shell could act on. */
const SHELL_ONLY: Readonly<Record<string, string>> = {
  '|': 'it has a pipe or an alternative (|)',
  '&': 'it starts something in the background (&)',
  '<': 'it redirects input',
  '>': 'it redirects output',
  '`': 'it has a command substitution',
  '(': 'it has a subshell or a function',
  ')': 'it has a subshell or a function',
};

function tokenize(
  line: string,
  variables: Variables,
): { readonly tokens: readonly Token[] } | { readonly problem: string } {
  const tokens: Token[] = [];
  let word: string | undefined;
  let quoted = false;
  const flush = (): void => {
    if (word !== undefined) tokens.push({ word, quoted });
    [word, quoted] = [undefined, false];
  };
  for (let at = 0; at < line.length;) {
    const char = line[at]!;
    const next = line[at + 1];
    if (char === '\\') {
      // A backslash at the end of a line joins it with the next one.
      if (next === undefined) return { problem: 'it ends in a backslash' };
      if (next !== '\n') word = (word ?? '') + next;
      at += 2;
    } else if (char === "'") {
      const end = line.indexOf("'", at + 1);
      if (end === -1) return { problem: 'a quote is not closed' };
      word = (word ?? '') + line.slice(at + 1, end);
      quoted ||= word === '' || !word.includes('=');
      at = end + 1;
    } else if (char === '"') {
      const inner = doubleQuoted(line, at + 1, variables);
      if ('problem' in inner) return inner;
      quoted ||= word === undefined;
      word = (word ?? '') + inner.text;
      at = inner.end;
    } else if (char === '$') {
      const value = expansion(line, at, variables);
      if ('problem' in value) return value;
      // Unquoted expansions are split at blanks, and vanish if they are empty.
      const parts = value.text.split(/\s+/);
      if (value.text !== '') word = (word ?? '') + parts[0]!;
      for (const part of parts.slice(1)) {
        flush();
        word = part === '' ? undefined : part;
      }
      at = value.end;
    } else if (char === '&' && next === '&') {
      flush();
      tokens.push({ operator: '&&' });
      at += 2;
    } else if (char === ';' || char === '\n') {
      flush();
      tokens.push({ operator: ';' });
      at++;
    } else if (char === ' ' || char === '\t') {
      flush();
      at++;
    } else if (char === '#' && word === undefined) {
      const end = line.indexOf('\n', at);
      at = end === -1 ? line.length : end;
    } else {
      if (char in SHELL_ONLY) return { problem: SHELL_ONLY[char]! };
      if ('{}'.includes(char) && word === undefined) return { problem: 'it has a command group' };
      // No file is called `--ips=*`, so a shell would leave that as it is; other patterns it might replace.
      if ('*?['.includes(char) && !word?.startsWith('-')) return { problem: 'it has a file name pattern' };
      word = (word ?? '') + char;
      at++;
    }
  }
  flush();
  return { tokens };
}

function doubleQuoted(
  line: string,
  start: number,
  variables: Variables,
): { text: string; end: number } | { problem: string } {
  let text = '';
  for (let at = start; at < line.length;) {
    const char = line[at]!;
    if (char === '"') return { text, end: at + 1 };
    if (char === '`') return { problem: 'it has a command substitution' };
    if (char === '\\' && at + 1 < line.length) {
      const next = line[at + 1]!;
      text += next === '\n' ? '' : /["\\$`]/.test(next) ? next : `\\${next}`;
      at += 2;
    } else if (char === '$') {
      const value = expansion(line, at, variables);
      if ('problem' in value) return value;
      text += value.text;
      at = value.end;
    } else {
      text += char;
      at++;
    }
  }
  return { problem: 'a quote is not closed' };
}

const EXPANSION = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-=])([^${}"'`\\]*))?\})/;

function expansion(
  line: string,
  at: number,
  variables: Variables,
): { text: string; end: number } | { problem: string } {
  const match = EXPANSION.exec(line.slice(at, at + 400));
  if (!match) {
    const next = line[at + 1];
    if (next === undefined || /[\s"'/.,:]/.test(next)) return { text: '$', end: at + 1 };
    return {
      problem:
        next === '(' ? 'it has a command substitution' : 'it has an expansion that only a shell understands',
    };
  }
  const name = match[1] ?? match[2]!;
  const text = variables(name, match[4]) ?? match[4];
  if (text === undefined) return { problem: `the value of $${name} is not known` };
  return { text, end: at + match[0].length };
}
