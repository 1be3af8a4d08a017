import { posix } from 'node:path';
import type { FileSource } from '../files';
import { stringAt, tableAt } from '../toml';
import { projectTable } from './manifest';
import type { ProjectView } from './types';

/** A console script of the project's own metadata. */
export interface OwnScript {
  readonly name: string;
  readonly module: string;
  readonly func: string;
  readonly from: string;
}

/** The console scripts that pyproject.toml, setup.cfg or setup.py declare and whose module is in the tree. */
export function consoleScripts(view: ProjectView): readonly OwnScript[] {
  return [...fromPyproject(view), ...fromSetupFiles(view)].filter(
    ({ module }) => view.tree.locate(module) !== undefined,
  );
}

/** Names of the project's own programs. */
export function ownScripts(view: ProjectView): readonly string[] {
  return consoleScripts(view).map(({ name }) => name);
}

/** What manifests give to programs, read loosely, and be their modules elsewhere: one name too many does no harm. */
const SCRIPT = /([\w.-]+)["']?\s*=\s*(?:\{[^{}[\]:\n]*?=\s*)?["']?[\w.]+\s*:\s*[\w.]+/g;

/** The name of a program that has a table of its own: `[tool.poetry.scripts.worker]`. */
const SCRIPT_TABLE = /^\s*\[[\w.]*scripts\s*\.\s*["']?([\w.-]+?)["']?\s*\]/gm;

/** Names that programs of a package may have. */
export function scriptNames(files: FileSource, root: string): readonly string[] {
  return ['pyproject.toml', 'setup.cfg', 'setup.py'].flatMap((file) => {
    const text = files.read(posix.join(root, file)) ?? '';
    return [SCRIPT, SCRIPT_TABLE].flatMap((names) => [...text.matchAll(names)].map((match) => match[1]!));
  });
}

function fromPyproject(view: ProjectView): readonly OwnScript[] {
  if (!/scripts/.test(view.tree.read('pyproject.toml') ?? '')) return [];
  const project = projectTable(view.tree);
  return [['project', 'scripts'] as const, ['tool', 'poetry', 'scripts'] as const].flatMap((keys) => {
    const table = tableAt(project, ...keys);
    return Object.keys(table).flatMap((name) =>
      parseReference(
        name,
        stringAt(table, name) ?? stringAt(table, name, 'reference'),
        `${keys.join('.')} in ${view.tree.label('pyproject.toml')}`,
      ),
    );
  });
}

/** `console_scripts` in setup.cfg, and the strings of setup.py that look like one. */
function fromSetupFiles(view: ProjectView): readonly OwnScript[] {
  return ['setup.cfg', 'setup.py'].flatMap((path) => {
    const text = view.tree.exists(path) ? (view.tree.read(path) ?? '') : '';
    const at = text.indexOf('console_scripts');
    if (at === -1) return [];
    return [...text.slice(at, at + 2000).matchAll(/(?:^|["'\n])\s*([\w.-]+)\s*=\s*([\w.]+:[\w.]+)/g)].flatMap(
      (match) => parseReference(match[1]!, match[2], view.tree.label(path)),
    );
  });
}

function parseReference(name: string, reference: string | undefined, from: string): readonly OwnScript[] {
  const match = /^\s*([\w.]+)\s*:\s*([\w.]+)/.exec(reference ?? '');
  return match && /^[\w.-]+$/.test(name) ? [{ name, module: match[1]!, func: match[2]!, from }] : [];
}
