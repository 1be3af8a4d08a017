import { parseShellLine, quoteArgv, type SimpleCommand, type Variables } from '../argv';
import type { Argv } from '../types';
import { unwrap } from './launchers';
import { projectFile } from './paths-in-image';
import type { QuoteContext } from './quoted-command';
import type { ProjectView } from './types';

/** Longer scripts do more than start something. */
const MAX_SCRIPT_LENGTH = 40_000;

/** The shell script of the project that a command starts, if it starts one. */
export function entryScriptOf(
  view: ProjectView,
  command: SimpleCommand,
  { variables, copies }: QuoteContext,
): { readonly path: string; readonly args: Argv } | undefined {
  const unwrapped = unwrap(command, variables);
  if ('problem' in unwrapped) return undefined;
  let [program = '', ...args] = unwrapped.argv;
  if (/^(\/(usr\/)?bin\/)?(ba|da|a|z)?sh$/.test(program)) {
    while (args[0]?.startsWith('-') || args[0]?.startsWith('+')) args = args.slice(1);
    [program = '', ...args] = args;
  } else if (!program.includes('/') && !program.endsWith('.sh') && !copies?.has(`/usr/local/bin/${program}`))
    return undefined;
  const path = projectFile(
    view.tree,
    copies?.has(`/usr/local/bin/${program}`) ? `/usr/local/bin/${program}` : program,
    copies,
  );
  const text = path === undefined ? undefined : view.tree.read(path);
  if (path === undefined || text === undefined) return undefined;
  return path.endsWith('.sh') || /^#!.*\b(ba|da|a|z)?sh\b/.test(text) ? { path, args } : undefined;
}

export type EntryScript =
  | {
      readonly command: SimpleCommand;
      readonly line: number;
      readonly before: readonly SimpleCommand[];
      readonly variables: Variables;
    }
  | { readonly problem: string };

interface Statement {
  readonly text: string;
  readonly line: number;
  /** Number of blocks (`if`, `for`, `case` ...) around it. */
  readonly depth: number;
  /** Label of the `case` branch it is in. */
  readonly label?: string;
  /** The function that it stands in. */
  readonly within?: string;
}

/** Reads a shell script for the command that it ends up as: the last `exec`, else the last command of all. */
export function readEntryScript(
  view: ProjectView,
  path: string,
  args: Argv,
  context: QuoteContext,
): EntryScript {
  const text = view.tree.read(path) ?? '';
  if (text.length > MAX_SCRIPT_LENGTH) return { problem: 'the script is too long' };
  const all = statements(text);
  const known = assignedVariables(all, context.variables);
  const variables: Variables = (name, fallback) => known(name, fallback);
  const withArguments = all.map((statement) => ({
    ...statement,
    text: statement.text.replace(/"\$[@*]"|"\$\{@\}"|\$[@*](?=\s|$)/g, () => quoteArgv(args)),
  }));
  const choices = withArguments.filter(({ text: line }) => /^exec\s+\S/.test(line) && line !== 'exec ');
  const last = withArguments.filter(({ depth }) => depth === 0).at(-1);
  const chosen = choose(choices, args) ?? (choices.length === 0 && last ? last : undefined);
  if (!chosen)
    return {
      problem:
        choices.length > 0
          ? 'the script starts one of several commands'
          : 'the script starts nothing that can be told',
    };
  const parsed = parseShellLine(chosen.text, variables);
  if ('problem' in parsed) return parsed;
  if (parsed.commands.length === 0) return { problem: 'the script starts nothing' };
  const before = withArguments
    .filter(({ line }) => line < chosen.line)
    .flatMap(({ text: line }) => {
      const each = parseShellLine(line, variables);
      return 'problem' in each ? [] : each.commands;
    });
  return {
    command: parsed.commands.at(-1)!,
    line: chosen.line,
    before: [...before, ...parsed.commands.slice(0, -1)],
    variables,
  };
}

/** A command that is whatever the arguments say, behind programs that only start another one. */
const ARGUMENTS =
  /^(?:exec\s+|command\s+|eval\s+|\S*(?:env|nice|tini|dumb-init|catatonit|gosu|su-exec|setpriv|chroot|runuser|su|sudo|[abdz]*sh)\s[^|;&]*?)*"?\$(?:[@*]|\{[@*])/;

/** Whether a shell script runs its arguments as a command, rather than handing them to a program of its own. */
export function runsItsArguments(script: string): boolean {
  const all = statements(script);
  const runs = (within: string | undefined): boolean =>
    all.some((statement) => statement.within === within && ARGUMENTS.test(statement.text));
  return (
    runs(undefined) ||
    all.some(({ text, within }) => {
      const called = /^(?:exec\s+)?([\w-]+)\s+"?\$[{@*]/.exec(text)?.[1];
      return within === undefined && called !== undefined && runs(called);
    })
  );
}

/** Of several `exec` lines: the last one outside of any block, the only one, or the one of the branch that is asked for. */
function choose(choices: readonly Statement[], args: Argv): Statement | undefined {
  const last = choices.at(-1);
  if (last === undefined || last.depth === 0) return last;
  if (new Set(choices.map(({ text }) => text)).size === 1) return last;
  const labelled = choices.filter(
    ({ label }) =>
      label !== undefined &&
      args[0] !== undefined &&
      label
        .split('|')
        .map((word) => word.trim().replace(/["']/g, ''))
        .includes(args[0]),
  );
  return labelled.length === 1 ? labelled[0] : undefined;
}

const OPENERS =
  /^(if|for|while|until|case|select)\b|^(function\s+[\w-]+(\s*\(\s*\))?|[\w-]+\s*\(\s*\))\s*(\{|$)|^\{$/;
const FUNCTION = /^(?:function\s+)?([\w-]+)\s*(?:\(\s*\)|\{|$)/;
const CLOSERS = /^(fi|done|esac|\})\b|^\}$/;
/** Words after which a command begins. */
const KEYWORDS = /^(then|else|do|elif\b.*?;\s*then)\s+/;

/** The statements of a script with continuations joined; keywords of blocks only count depth. */
function statements(text: string): readonly Statement[] {
  const found: Statement[] = [];
  /** The blocks around a line: functions by their name. */
  const blocks: string[] = [];
  let label: string | undefined;
  let open = '';
  let start = 1;
  text.split(/\r?\n/).forEach((raw, i) => {
    if (open === '') start = i + 1;
    if (/\\$/.test(raw)) {
      open += `${raw.slice(0, -1)} `;
      return;
    }
    let line = (open + raw).trim();
    open = '';
    if (line === '' || line.startsWith('#')) return;
    const branch = /^\(?([^()\s"'$]+|"[^"]*"(?:\s*\|\s*"[^"]*")*|[\w*|\s-]+)\)\s*(.*)$/.exec(line);
    if (blocks.length > 0 && branch && !/[$]/.test(branch[1]!)) {
      label = branch[1]!;
      line = branch[2]!;
    }
    if (CLOSERS.test(line)) blocks.pop();
    else if (OPENERS.test(line)) {
      if (!/(;|\s)(fi|done|esac)\s*$|\}\s*$/.test(line)) blocks.push(FUNCTION.exec(line)?.[1] ?? '');
    } else {
      const body = line.replace(KEYWORDS, '').replace(/\s*;;\s*$/, '');
      if (
        !/^(then|else|do|elif\b.*|;;|set\s.*|shift|return.*|local\s.*|trap\s.*|exit.*|\.\s.*|source\s.*)?$/.test(
          body,
        )
      ) {
        const within = blocks.find((name) => name !== '');
        found.push({
          text: body,
          line: start,
          depth: blocks.length,
          ...(label === undefined ? {} : { label }),
          ...(within === undefined ? {} : { within }),
        });
      }
    }
    if (/;;\s*$/.test(line)) label = undefined;
  });
  return found;
}

/** Variables that a script sets before anything else can: `PORT=8000`, `export WORKERS=4`, `: "${PORT:=8000}"`. */
function assignedVariables(all: readonly Statement[], outer: Variables): Variables {
  const values = new Map<string, string>();
  const lookup: Variables = (name, fallback) => values.get(name) ?? outer(name, fallback);
  for (const { text, depth } of all) {
    const match =
      /^(?:export\s+|readonly\s+)?([A-Za-z_]\w*)=(\S*|"[^"]*"|'[^']*')$/.exec(text) ??
      /^:\s+"?\$\{([A-Za-z_]\w*):?=([^}]*)\}"?$/.exec(text);
    if (!match) continue;
    const parsed = parseShellLine(`x ${match[2]!}`, lookup);
    const value = 'problem' in parsed ? undefined : parsed.commands[0]?.argv.slice(1).join(' ');
    // A variable that is set in a branch has a value that depends on the branch.
    if (value === undefined || (depth > 0 && values.has(match[1]!))) values.delete(match[1]!);
    else values.set(match[1]!, value);
  }
  return lookup;
}
