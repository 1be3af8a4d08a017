import type { SyntaxNode } from '@lezer/common';
import { decoratorPath, nameOf } from './statements';
import { parsePython, readArguments, readValue, type Value } from './syntax';

/** An option of a program's command line, as click, typer and argparse declare one. */
export interface CommandOption {
  /** All its spellings: `["-h", "--host"]`. */
  readonly names: readonly string[];
  readonly default: Value;
  /** The function that a decorator gives it to; absent for options that a call adds. */
  readonly of?: string;
}

/** Declarations of options: click's decorators, argparse's method. */
const DECLARES = /(^|\.)(option|add_argument\(\))$/;

/**
 * The options that a Python file declares, wherever in it. The file is parsed anew, and as a whole: few are asked.
 *
 * @returns none for a file that cannot be read
 */
export function commandOptions(source: string): readonly CommandOption[] {
  const found: CommandOption[] = [];
  const top = parsePython(source);
  top?.cursor().iterate(({ node }) => {
    if (node.name === 'Decorator')
      add(found, decoratorPath(node, source), node, source, decorated(node, source));
    if (node.name === 'CallExpression') add(found, readValue(node, source).path ?? '', node, source);
  });
  return found;
}

function add(found: CommandOption[], path: string, node: SyntaxNode, source: string, of?: string): void {
  const list = DECLARES.test(path) ? node.getChild('ArgList') : null;
  if (!list) return;
  const { args, keywords } = readArguments(list, source);
  const names = args.flatMap(({ text }) => (text?.startsWith('-') ? [text] : []));
  if (names.length === 0) return;
  found.push({ names, default: keywords['default'] ?? {}, ...(of === undefined ? {} : { of }) });
}

function decorated(node: SyntaxNode, source: string): string | undefined {
  const definition = node.parent?.getChild('FunctionDefinition');
  return definition ? nameOf(definition, source) : undefined;
}
