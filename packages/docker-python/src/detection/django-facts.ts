import type { SyntaxNode } from '@lezer/common';
import { posix } from 'node:path';
import type { FileSource } from './files';
import { absoluteModule, pythonFiles, pythonTree, type PythonTree } from './python-source';
import { children, parsePython } from './python-source/syntax';
import type { Sourced } from './types';

/** What Django's settings say, as far as an image is concerned. */
export interface DjangoFacts {
  /** The settings module that manage.py names. */
  readonly settings: Sourced<string>;
  /** Project-relative folder of manage.py. */
  readonly folder: string;
  /** Entries of INSTALLED_APPS, from all files that the settings are made of. */
  readonly apps: readonly string[];
  /** Where STATIC_ROOT is set. */
  readonly staticRoot?: string;
}

/** How many settings files that include each other are followed. */
const MAX_FILES = 12;

/** Reads the settings of a Django project. Undefined for a project that is none, or that hides them. */
export function readDjangoFacts(
  files: FileSource,
  root: string,
  sourceRoots: readonly string[],
): DjangoFacts | undefined {
  const tree = pythonTree(pythonFiles(files, root), sourceRoots);
  const folders = [...new Set(['.', ...sourceRoots, ...codeFolders(tree)])];
  for (const folder of folders) {
    const path = posix.join(folder, 'manage.py');
    const settings = tree.exists(path) ? settingsModule(tree.read(path) ?? '') : undefined;
    if (settings === undefined) continue;
    // manage.py has its own folder on the import path, wherever the project's are.
    const view = pythonTree(tree, [...new Set([folder, ...sourceRoots])]);
    return { settings: { value: settings, from: tree.label(path) }, folder, ...readSettings(view, settings) };
  }
  return undefined;
}

function codeFolders(tree: PythonTree): readonly string[] {
  return tree.list('.').flatMap((name) => (name.endsWith('/') ? [name.slice(0, -1)] : []));
}

/** `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")`. */
function settingsModule(text: string): string | undefined {
  return /setdefault\(\s*["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(text)?.[1];
}

function readSettings(tree: PythonTree, module: string): Pick<DjangoFacts, 'apps' | 'staticRoot'> {
  const apps = new Set<string>();
  let staticRoot: string | undefined;
  const queue = [module];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < MAX_FILES; next = queue.shift()) {
    const file = tree.locate(next);
    if (file === undefined || seen.has(file)) continue;
    seen.add(file);
    const text = tree.read(file) ?? '';
    for (const { name, strings } of assignments(text)) {
      if (/_APPS$/.test(name)) strings.forEach((app) => apps.add(app));
      if (name === 'STATIC_ROOT') staticRoot ??= `STATIC_ROOT in ${tree.label(file)}`;
    }
    queue.push(
      ...(tree.facts(file)?.starImports ?? []).flatMap((star) => absoluteModule(tree, file, star) ?? []),
    );
  }
  return { apps: [...apps], ...(staticRoot ? { staticRoot } : {}) };
}

/** Assignments anywhere in a file, with all string literals on their right-hand side. `None` is no value. */
function assignments(
  text: string,
): readonly { readonly name: string; readonly strings: readonly string[] }[] {
  const root = parsePython(text);
  const found: { name: string; strings: string[] }[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.name === 'AssignStatement' || node.name === 'UpdateStatement') {
      const target = node.firstChild;
      const value = node.lastChild;
      if (target?.name === 'VariableName' && value && value.name !== 'None') {
        found.push({ name: text.slice(target.from, target.to), strings: literals(value, text) });
      }
      return;
    }
    if (node.name !== 'FunctionDefinition' && node.name !== 'ClassDefinition') children(node).forEach(visit);
  };
  if (root) visit(root);
  return found;
}

function literals(node: SyntaxNode, text: string): string[] {
  if (node.name === 'String')
    return [text.slice(node.from, node.to).replace(/^[a-zA-Z]*(["']{3}|["'])([\s\S]*)\1$/, '$2')];
  return children(node).flatMap((child) => literals(child, text));
}
