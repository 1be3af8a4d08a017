import type { Process, Sourced } from '../types';
import { commandLine } from './command-line';
import type { Candidate, Framework, ProjectView } from './types';

/** Lines of a Procfile that run once and end, never the default process. */
const ONE_SHOT = /^(release|migrate|postdeploy|setup|init)$/;
const LINE = /^([A-Za-z][\w-]*):\s*(\S.*)$/;

/** Procfile: the `web` line, if what it names exists; its other lines become further processes. */
export const procfile: Framework = {
  name: 'Procfile',
  looksFor: 'a Procfile with a web line whose module exists',
  candidates(view) {
    if (!view.tree.exists('Procfile')) return [];
    const label = view.tree.label('Procfile');
    const lines = (view.tree.read('Procfile') ?? '').split(/\r?\n/).flatMap((line, i) => {
      const match = LINE.exec(line.trim());
      return match
        ? [{ name: match[1]!.toLowerCase().replaceAll('_', '-'), text: match[2]!, from: `${label}:${i + 1}` }]
        : [];
    });
    const judged = lines.flatMap((line) => {
      const result = commandLine(view, line.text, {
        from: line.from,
        serves: line.name === 'web',
        variables: procfileVariables(view),
      });
      if ('candidate' in result) return [{ ...line, candidate: result.candidate }];
      view.note({
        code: 'PROCFILE_LINE_IGNORED',
        message: `${line.from} ("${line.name}") is not used: ${result.problem}.`,
        hint: 'Correct the line or remove it; or write the command in docker-python.json.',
      });
      return [];
    });
    // With a web line that is stale, the other lines say nothing about what to start first.
    const first =
      judged.find(({ name }) => name === 'web') ??
      (lines.some(({ name }) => name === 'web')
        ? undefined
        : judged.find(({ name }) => !ONE_SHOT.test(name)));
    if (!first) return [];
    const others = Object.fromEntries(
      judged.filter((line) => line !== first).map((line) => [line.name, processOf(line.candidate)]),
    );
    return [{ ...first.candidate, process: first.name, others: { ...others, ...first.candidate.others } }];
  },
};

function procfileVariables(view: ProjectView): (name: string, fallback?: string) => string | undefined {
  return (name, fallback) =>
    name === 'PORT' ? String(view.port ?? fallback ?? view.portOr(8000)) : undefined;
}

export function processOf({ command, port, from }: Candidate): Sourced<Process> {
  return { value: { command, ...(port === undefined ? {} : { port }) }, from };
}
