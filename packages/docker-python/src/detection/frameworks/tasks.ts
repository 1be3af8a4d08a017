import { stringAt, stringsAt, tableAt, valueAt } from '../toml';
import { quoteArgv } from '../argv';
import { commandLine } from './command-line';
import { projectTable } from './manifest';
import type { Framework, ProjectView } from './types';

/** Names of tasks that start a project for production, the plainest first. */
const NAMES = ['start', 'serve', 'prod', 'production', 'start-prod', 'serve-prod'];

/** Where task runners keep their tasks in pyproject.toml. */
const TABLES: readonly (readonly string[])[] = [
  ['tool', 'taskipy', 'tasks'],
  ['tool', 'pdm', 'scripts'],
  ['tool', 'poe', 'tasks'],
  ['tool', 'hatch', 'envs', 'default', 'scripts'],
  ['tool', 'hatch', 'envs', 'prod', 'scripts'],
];

/** A task called start, serve or prod of taskipy, PDM, Poe the Poet or Hatch. */
export const tasks: Framework = {
  name: 'task',
  looksFor: 'a task "start", "serve" or "prod" of taskipy, PDM, Poe or Hatch',
  candidates(view) {
    if (!/taskipy|pdm\.scripts|poe\.tasks|hatch\.envs/.test(view.tree.read('pyproject.toml') ?? ''))
      return [];
    for (const name of NAMES) {
      for (const keys of TABLES) {
        const line = taskLine(view, keys, name);
        if (line === undefined) continue;
        const from = `task "${name}" of ${keys.slice(0, 2).join('.')} in ${view.tree.label('pyproject.toml')}`;
        const judged = commandLine(view, line, {
          from,
          serves: false,
          variables: (word, fallback) =>
            word === 'PORT' ? String(view.port ?? fallback ?? view.portOr(8000)) : undefined,
        });
        if ('candidate' in judged) return [judged.candidate];
        view.note({
          code: 'TASK_IGNORED',
          message: `The ${from} is not used: ${judged.problem}.`,
          hint: 'If it is the right command, write it as "command" in docker-python.json.',
        });
      }
    }
    return [];
  },
};

/** A task is a string, a list of words, or a table with `cmd`, `shell` or `script`. */
function taskLine(view: ProjectView, keys: readonly string[], name: string): string | undefined {
  const table = tableAt(projectTable(view.tree), ...keys);
  const task = valueAt(table, name);
  if (typeof task === 'string') return task;
  for (const key of ['cmd', 'shell']) {
    const words = stringsAt(task, key);
    const line = stringAt(task, key) ?? (words.length > 0 ? quoteArgv(words) : undefined);
    if (line !== undefined) return line;
  }
  const words = stringsAt(table, name);
  return words.length > 0 && !words.some((word) => /\s/.test(word)) ? quoteArgv(words) : undefined;
}
