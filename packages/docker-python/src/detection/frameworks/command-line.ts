import { parseShellLine, quoteArgv, type SimpleCommand } from '../argv';
import { entryScriptOf, readEntryScript } from './entry-script';
import { judgeCommand, type Judged, type QuoteContext } from './quoted-command';
import type { Argv, Process, Sourced } from '../types';
import type { ProjectView } from './types';

/** Commands that prepare a start. Those that change a database become a process of their own: none runs at every start. */
const MIGRATION =
  /\b(manage\.py|django-admin)\s+migrate\b|\balembic\b.*\bupgrade\b|\bflask\b.*\bdb\s+upgrade\b|\baerich\s+upgrade\b|\bpiccolo\s+migrations\b|\byoyo\s+apply\b/;
const PREPARATION =
  /\b(collectstatic|compilemessages|createcachetable|check|ensure_adapters|wait[-_]for|wait|sleep|echo|printf|export|set|mkdir|chown|chmod|pip|pwd|ls|true|prestart|pre_start|initial_data|cd \.)\b/;
const MAX_SCRIPTS = 3;

/** Judges a line that somebody wrote: a Procfile's, a task's, a CMD in shell form. */
export function commandLine(view: ProjectView, line: string, context: QuoteContext, scripts = 0): Judged {
  const parsed = parseShellLine(line, context.variables);
  if ('problem' in parsed) return parsed;
  return commands(view, parsed.commands, context, scripts);
}

/** Judges commands that run one after the other: the last one stays, those before it only prepared. */
export function commands(
  view: ProjectView,
  all: readonly SimpleCommand[],
  context: QuoteContext,
  scripts = 0,
): Judged {
  const last = all.at(-1);
  if (!last || last.argv.length === 0) return { problem: 'it is empty' };
  const before = all.slice(0, -1).filter(({ argv }) => argv.length > 0);
  const unknown = before.find(
    ({ argv }) => !MIGRATION.test(argv.join(' ')) && !PREPARATION.test(argv.join(' ')),
  );
  if (unknown) return { problem: `it runs "${unknown.argv.join(' ')}" first, which needs a shell` };
  const script = entryScriptOf(view, last, context);
  const judged = script
    ? scripts >= MAX_SCRIPTS
      ? { problem: 'its scripts call each other' }
      : followScript(view, script, context, scripts)
    : judgeCommand(view, last, context);
  if ('problem' in judged) return judged;
  return { candidate: withMigration(view, judged.candidate, before, context) };
}

function followScript(
  view: ProjectView,
  script: { path: string; args: Argv },
  context: QuoteContext,
  scripts: number,
): Judged {
  const read = readEntryScript(view, script.path, script.args, context);
  if ('problem' in read) return { ...read, problem: `${view.tree.label(script.path)}: ${read.problem}` };
  const inner = {
    ...context,
    from: `${view.tree.label(script.path)}:${read.line}`,
    variables: read.variables,
  };
  const judged = commands(view, [read.command], inner, scripts + 1);
  return 'problem' in judged
    ? judged
    : { candidate: withMigration(view, judged.candidate, read.before, inner) };
}

/** Adds a `migrate` process for a migration that ran before the start. */
function withMigration(
  view: ProjectView,
  candidate: Extract<Judged, { candidate: unknown }>['candidate'],
  before: readonly SimpleCommand[],
  context: QuoteContext,
): typeof candidate {
  const migration = before.find(({ argv }) => MIGRATION.test(argv.join(' ')));
  if (!migration) return candidate;
  const judged = judgeCommand(view, migration, { ...context, serves: false });
  if ('problem' in judged) return candidate;
  view.note({
    code: 'MIGRATION_IS_A_PROCESS',
    message: `${context.from} migrates the database before every start; the image does not.`,
    hint: `Run "${quoteArgv(judged.candidate.command)}" once per release: it is the process "migrate" of the image.`,
  });
  const process: Sourced<Process> = { value: { command: judged.candidate.command }, from: context.from };
  return { ...candidate, others: { migrate: process, ...candidate.others } };
}
