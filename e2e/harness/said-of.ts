/**
 * What Nx said of one project in an output of many, of the static style: from its heading to the next.
 *
 * @param target where several ran
 * @throws Error if it said nothing of it
 */
export function saidOf(project: string, output: string, target = ''): string {
  const found = output.split(/^> nx run /m).find((part) => part.startsWith(`${project}:${target}`));
  if (found === undefined) throw new Error(`Nx said nothing of ${project}:\n${output.slice(-4_000)}`);
  return found;
}

/** What Nx said of each task that failed, from an output of the static style: one after the other, with the ends of them. */
export function saidOfFailures(output: string): string {
  const [, list = ''] = /^Failed tasks:\n\n((?:- .*\n)+)/m.exec(output) ?? [];
  const failed = [...list.matchAll(/^- ([^:\n]+):(\S+)$/gm)];
  const said = failed.map(([, project, target]) => saidOf(project!, output, target).slice(-6_000));
  return said.join('\n') || output.slice(-6_000);
}
