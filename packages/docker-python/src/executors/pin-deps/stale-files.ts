import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { ownership } from '../../render/managed';
import { designWithAnyCommand } from '../../pipeline/any-command';
import { designQuestion } from '../project';

/** What is still to be done after pins were written: how a list is read may have changed with it. */
export function findings(context: ExecutorContext): readonly string[] {
  const { name, question } = designQuestion(context);
  const stale = designWithAnyCommand(question).managed.filter(({ path, text }) => {
    const file = join(context.root, path);
    const present = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
    return present !== undefined && ownership(present) === 'managed' && present !== text;
  });
  return stale.length === 0
    ? []
    : [
        followLine(
          name,
          stale.map(({ path }) => path),
        ),
      ];
}

/** The line that says which files are no longer what the pins make of them. */
export function followLine(project: string, paths: readonly string[]): string {
  return `${project}: ${paths.join(' and ')} ${paths.length === 1 ? 'follows' : 'follow'} from the pins: run "npx nx sync"`;
}
