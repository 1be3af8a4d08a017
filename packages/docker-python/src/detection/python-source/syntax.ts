import type { SyntaxNode } from '@lezer/common';
import type * as Python from '@lezer/python';

/** Longer files are generated code or data, never an entry point, and would only cost time. */
export const MAX_SOURCE_LENGTH = 100_000;

/** Deeper nesting than people write. Keeps recursion over hostile input far from the end of the stack. */
const MAX_DEPTH = 24;

/**
 * The syntax tree of a Python file. Errors in it are tolerated: what can be understood is understood.
 *
 * The parser is loaded on first use, because the plugin itself is loaded on every nx command.
 *
 * @returns the root node, or undefined for a file that is too long or too deeply nested to be looked at
 */
export function parsePython(text: string): SyntaxNode | undefined {
  if (text.length > MAX_SOURCE_LENGTH) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lazily, see above
  const { parser } = require('@lezer/python') as typeof Python;
  try {
    return parser.parse(text).topNode;
  } catch (error) {
    // The parser recurses over nesting that CPython itself refuses (200 brackets, MAXLEVEL of its tokenizer).
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The direct children of a node, in order. */
export function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

/** An expression, as far as start commands care about it. */
export interface Value {
  /**
   * Names, attribute accesses and calls, arguments left out: `f.Flask()`, `app.server`, `Config().make_app()`.
   * Absent for expressions that are something else.
   */
  readonly path?: string;
  /** The content of a plain string literal. */
  readonly text?: string;
  readonly number?: number;
  /** Arguments, where the expression is a call. */
  readonly args?: readonly Value[];
  readonly keywords?: Readonly<Record<string, Value>>;
}

/** Reads an expression node. Anything unusual becomes an empty value. */
export function readValue(node: SyntaxNode | null, source: string, depth = 0): Value {
  if (!node || depth > MAX_DEPTH) return {};
  const text = (): string => source.slice(node.from, node.to);
  switch (node.name) {
    case 'VariableName':
      return { path: text() };
    case 'String':
      return stringValue(text());
    case 'Number': {
      const number = Number(text().replaceAll('_', ''));
      return Number.isFinite(number) ? { number } : {};
    }
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return readValue(node.firstChild?.nextSibling ?? null, source, depth + 1);
    case 'MemberExpression': {
      const object = readValue(node.firstChild, source, depth + 1).path;
      const property = node.lastChild;
      if (object === undefined || property?.name !== 'PropertyName') return {};
      return { path: `${object}.${source.slice(property.from, property.to)}` };
    }
    case 'CallExpression': {
      const callee = readValue(node.firstChild, source, depth + 1).path;
      const list = node.getChild('ArgList');
      const call = list ? readArguments(list, source, depth + 1) : { args: [], keywords: {} };
      return callee === undefined ? call : { path: `${callee}()`, ...call };
    }
    default:
      return {};
  }
}

/** Positional and keyword arguments of a call, or bases and keywords of a class. */
export function readArguments(
  list: SyntaxNode,
  source: string,
  depth = 0,
): { readonly args: readonly Value[]; readonly keywords: Readonly<Record<string, Value>> } {
  const args: Value[] = [];
  const keywords = new Map<string, Value>();
  for (let child = list.firstChild; child; child = child.nextSibling) {
    if (child.nextSibling?.name === 'AssignOp') {
      const name = source.slice(child.from, child.to);
      child = child.nextSibling;
      keywords.set(name, readValue(child.nextSibling, source, depth));
      if (!child.nextSibling) break;
      child = child.nextSibling;
    } else if (/^\w/.test(child.name)) {
      args.push(readValue(child, source, depth));
    }
  }
  return { args, keywords: Object.fromEntries(keywords) };
}

function stringValue(literal: string): Value {
  const match =
    /^[uU]?("""|'''|"|')([\s\S]*)\1$/.exec(literal) ?? /^[rRbB]{1,2}("""|'''|"|')([\s\S]*)\1$/.exec(literal);
  return match ? { text: match[2]! } : {};
}
