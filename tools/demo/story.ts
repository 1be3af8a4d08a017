import { say } from '../shell';

/** What the demo prints: chapters, the commands of a user, what came of them. */
export function chapter(title: string): void {
  say(`\n\u001b[1m${title}\u001b[0m`);
}

/** A command as the user would type it. */
export function typed(command: string): void {
  say(`\n  \u001b[36m$ ${command}\u001b[0m`);
}

/** The lines of an output that matter to the story. */
export function shown(output: string, lines: RegExp): void {
  for (const line of output.split('\n')) if (lines.test(line)) say(`  ${line.trimEnd()}`);
}
