import { posix } from 'node:path';
import type { FileSource } from '../detection/files';
import { syntaxErrorLine } from '../detection/python-source';
import type { Finding } from '../detection/types';
import { contextMatcher } from '../plan/context';
import type { ImageDesign } from './design-image';

/** How much Python is looked through for one image: a second of work, and more than most services have. */
const MAX_LENGTH = 3_000_000;

/** Where others' code lies, and code that is none yet. Names with braces are those of project templates. */
const PASSED_BY = /^(?:\..*|node_modules|venv|env|__pycache__|site-packages|templates|.*[{}].*)\/$/;

/** How many files are named. */
const NAMED = 3;

/**
 * Python files of an image that Python would refuse to import. A build does not fail for them, nor for want of their
 * bytecode: what nobody imports may well be for another Python, or a template. So it is said.
 *
 * @param files of the workspace
 */
export function syntaxFindings(
  files: FileSource,
  { project, plan, libraries }: ImageDesign,
): readonly Finding[] {
  const selected = contextMatcher(plan.context);
  const trees = [project.root, ...libraries.map(({ root }) => root)];
  const places = new Set<string>();
  let left = MAX_LENGTH;
  for (const path of trees.flatMap((tree) => [...pythonFilesBelow(files, tree)])) {
    if (!selected(path)) continue;
    const text = files.read(path) ?? '';
    left -= text.length;
    if (left < 0) break;
    const line = syntaxErrorLine(text);
    if (line !== undefined) places.add(`${path}:${line}`);
  }
  if (places.size === 0) return [];
  const named = [...places].slice(0, NAMED).join(', ');
  const more = places.size > NAMED ? ` and ${places.size - NAMED} more` : '';
  return [
    {
      code: 'syntax-error',
      message: `${places.size === 1 ? 'A file that is' : 'Files that are'} part of the image cannot be compiled by Python, and so not be imported: ${named}${more}.`,
      hint: 'The number is the line. What is no code of this service can be left out of the image with "exclude" in docker-python.json.',
    },
  ];
}

function* pythonFilesBelow(files: FileSource, folder: string): Generator<string> {
  for (const name of files.list(folder)) {
    if (name.endsWith('.py')) yield posix.join(folder, name);
    else if (name.endsWith('/') && !PASSED_BY.test(name))
      yield* pythonFilesBelow(files, posix.join(folder, name.slice(0, -1)));
  }
}
