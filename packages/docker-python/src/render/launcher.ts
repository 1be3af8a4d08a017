import { LAUNCHERS, type PlannedProcess } from '../plan/processes';
import { shellWord } from './shell';

/**
 * The launcher of a process: a script of the image that expands `$PORT`, leaves its name where the health check
 * finds it, and becomes the program. `docker run IMAGE worker --verbose` passes the rest on.
 */
export function launcher({ name, command, port }: Omit<PlannedProcess, 'launcher'>): string {
  return [
    '#!/bin/sh',
    `export DOCKER_PYTHON_PROCESS=${name}`,
    ...(port === undefined ? [] : [`export PORT="\${PORT:-${port}}"`]),
    // In a heredoc a line of a word could look like the heredoc's end.
    ...(command.some((word) => word.includes('\n')) ? ["NL=$(printf '\\nx'); NL=${NL%x}"] : []),
    // A launcher must not find itself where it looks for the program of its own name.
    ...(command[0] === name ? [`PATH="\${PATH%:${LAUNCHERS}}"`] : []),
    `exec ${command.map(wordWithPort).join(' ')} "$@"`,
  ].join('\n');
}

function wordWithPort(word: string): string {
  const expanded = (text: string, marks: readonly [mark: string, variable: string][]): string => {
    const [first, ...rest] = marks;
    if (!first) return text === '' ? '' : shellWord(text);
    return text
      .split(first[0])
      .map((part) => expanded(part, rest))
      .join(first[1]);
  };
  return (
    expanded(word, [
      ['$PORT', '"$PORT"'],
      ['\n', '"$NL"'],
    ]) || "''"
  );
}
