import { join } from 'node:path/posix';
import { contextMatcher } from '../../plan/context';
import type { Tag } from '../../reference/image-name';
import type { ProjectInQuestion } from '../project';

/** How many files are named. */
const NAMED = 3;

/**
 * What there is to say where somebody pushes an image from a checkout whose files no commit has, so that nobody else
 * can build it: such a tag is easily moved without meaning it. A CI system has its reasons, such as a version that a job
 * has just written.
 *
 * @param changed workspace-relative paths that differ from the last commit
 * @param moves tags that this push sets
 */
export function uncommittedNote(
  { root, design }: Pick<ProjectInQuestion, 'root' | 'design'>,
  changed: readonly string[],
  moves: readonly Tag[],
): string | undefined {
  const selected = contextMatcher(design.plan.context);
  const deciding = ['Dockerfile', 'docker-python.json'].map((name) => join(root, name));
  const files = changed.filter((path) => selected(path) || deciding.includes(path));
  if (files.length === 0) return undefined;
  const named = files.slice(0, NAMED).join(', ');
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `No commit has what ${moves.join(', ')} will name: ${named}${more} ${files.length === 1 ? 'differs' : 'differ'} from the last one.`;
}
