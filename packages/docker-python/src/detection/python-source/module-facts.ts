import type { SyntaxNode } from '@lezer/common';
import { importsOf, type Imported } from './imports';
import { outline } from './outline';
import { children, MAX_SOURCE_LENGTH, parsePython, readArguments, readValue, type Value } from './syntax';

/** `name = value` at module level or in a function. */
export interface Assignment {
  readonly name: string;
  readonly value: Value;
  readonly line: number;
}

export interface FunctionFacts {
  readonly name: string;
  readonly line: number;
  /** Parameters that a caller has to give. */
  readonly required: number;
  readonly decorators: readonly string[];
  readonly assignments: readonly Assignment[];
  readonly imports: ReadonlyMap<string, Imported>;
  readonly returns: readonly Value[];
  /** Calls that are statements of their own: `app.run()`. */
  readonly calls: readonly Value[];
}

/** What a Python file says about how it may be started. Names are local; see `resolve.ts`. */
export interface ModuleFacts {
  readonly imports: ReadonlyMap<string, Imported>;
  /** Modules of `from x import *`, in order. */
  readonly starImports: readonly Imported[];
  readonly assignments: readonly Assignment[];
  readonly functions: readonly FunctionFacts[];
  readonly classes: readonly {
    readonly name: string;
    readonly bases: readonly string[];
    readonly line: number;
  }[];
  readonly calls: readonly Value[];
  /** The body of `if __name__ == "__main__":`. */
  readonly mainGuard?: { readonly line: number; readonly calls: readonly Value[] };
}

/** Collects statements of one scope: the module or a function. */
interface Scope {
  readonly imports: Map<string, Imported>;
  readonly starImports: Imported[];
  readonly assignments: Assignment[];
  readonly functions: FunctionFacts[];
  readonly classes: { name: string; bases: string[]; line: number }[];
  readonly calls: Value[];
  readonly returns: Value[];
  mainGuard?: { line: number; calls: Value[] };
}

/** Statements whose bodies belong to the scope around them. */
const BLOCKS = new Set([
  'IfStatement',
  'TryStatement',
  'WithStatement',
  'WhileStatement',
  'ForStatement',
  'MatchStatement',
  'MatchBody',
  'MatchClause',
  'StatementGroup',
]);
const MAX_NESTING = 20;

/**
 * Reads a Python file. Undefined for one that is too long. Functions and classes are parsed when somebody asks
 * for them: most files are only asked what they do at module level.
 */
export function moduleFacts(source: string): ModuleFacts | undefined {
  if (source.length > MAX_SOURCE_LENGTH) return undefined;
  const { statements, definitions } = outline(source) ?? { statements: source, definitions: undefined };
  const scope = readScope(statements);
  let defined: Scope | undefined;
  const later = (): Scope =>
    (defined ??= definitions === undefined ? scope : readScope(definitions, scope.functions, scope.classes));
  return {
    ...scope,
    get functions() {
      return later().functions;
    },
    get classes() {
      return later().classes;
    },
  };
}

/** Parses a text; functions and classes are added to those that were found in another part of the file. */
function readScope(text: string, functions: Scope['functions'] = [], classes: Scope['classes'] = []): Scope {
  const scope = { ...newScope(), functions: [...functions], classes: [...classes] };
  const root = text.trim() === '' ? undefined : parsePython(text);
  return root ? collect(root, text, scope, lineCounter(text), 0) : scope;
}

function newScope(): Scope {
  return {
    imports: new Map(),
    starImports: [],
    assignments: [],
    functions: [],
    classes: [],
    calls: [],
    returns: [],
  };
}

function collect(
  body: SyntaxNode,
  source: string,
  scope: Scope,
  line: (at: number) => number,
  depth: number,
): Scope {
  if (depth > MAX_NESTING) return scope;
  for (let node = body.firstChild; node; node = node.nextSibling) {
    readStatement(node, source, scope, line, depth);
  }
  return scope;
}

function readStatement(
  node: SyntaxNode,
  source: string,
  scope: Scope,
  line: (at: number) => number,
  depth: number,
): void {
  if (node.name === 'ImportStatement') {
    importsOf(node, source, scope.imports, scope.starImports);
  } else if (node.name === 'AssignStatement') {
    scope.assignments.push(...assignmentsOf(node, source, line(node.from)));
  } else if (node.name === 'ExpressionStatement') {
    const value = readValue(node.firstChild, source);
    if (value.args) scope.calls.push(value);
  } else if (node.name === 'ReturnStatement') {
    scope.returns.push(readValue(node.firstChild?.nextSibling ?? null, source));
  } else if (node.name === 'FunctionDefinition') {
    scope.functions.push(functionFacts(node, source, [], line, depth));
  } else if (node.name === 'ClassDefinition') {
    scope.classes.push(classFacts(node, source, line));
  } else if (node.name === 'DecoratedStatement') {
    const decorators = node.getChildren('Decorator').map((at) => decoratorPath(at, source));
    const inner = node.lastChild;
    if (inner?.name === 'FunctionDefinition')
      scope.functions.push(functionFacts(inner, source, decorators, line, depth));
    if (inner?.name === 'ClassDefinition') scope.classes.push(classFacts(inner, source, line));
  } else if (node.name === 'IfStatement' && isMainGuard(node, source)) {
    const guarded = newScope();
    const body = node.getChild('Body');
    if (body) collect(body, source, guarded, line, depth + 1);
    scope.mainGuard ??= {
      line: line(node.from),
      calls: guarded.calls.concat(guarded.assignments.map(({ value }) => value)),
    };
  } else if (BLOCKS.has(node.name)) {
    if (node.name === 'WithStatement') scope.assignments.push(...withBindings(node, source, line(node.from)));
    for (const child of children(node)) {
      if (child.name === 'Body') collect(child, source, scope, line, depth + 1);
      else if (BLOCKS.has(child.name)) readStatement(child, source, scope, line, depth + 1);
    }
  }
}

function assignmentsOf(node: SyntaxNode, source: string, line: number): Assignment[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of children(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (child.name !== 'TypeDef') groups.at(-1)!.push(child);
  }
  const value = groups.length > 1 ? readValue(groups.pop()![0] ?? null, source) : {};
  return groups.flatMap((group) => {
    const first = group[0];
    if (first?.name !== 'VariableName' && first?.name !== 'MemberExpression') return [];
    const name = readValue(first, source).path;
    if (name === undefined) return [];
    // `app, rt = fast_app()`: only the first of several names is of interest.
    const single = group.length === 1;
    return [
      {
        name,
        line,
        value: single || value.path === undefined ? value : { ...value, path: `${value.path}[0]` },
      },
    ];
  });
}

function withBindings(node: SyntaxNode, source: string, line: number): Assignment[] {
  return children(node).flatMap((child, i, all) => {
    const target = all[i + 1]?.name === 'as' ? all[i + 2] : undefined;
    if (target?.name !== 'VariableName') return [];
    return [{ name: source.slice(target.from, target.to), value: readValue(child, source), line }];
  });
}

function functionFacts(
  node: SyntaxNode,
  source: string,
  decorators: string[],
  line: (at: number) => number,
  depth: number,
): FunctionFacts {
  const scope = newScope();
  const body = node.getChild('Body');
  if (body) collect(body, source, scope, line, depth + 1);
  const { assignments, imports, returns, calls } = scope;
  return {
    name: nameOf(node, source),
    line: line(node.from),
    required: requiredParameters(node),
    decorators,
    assignments,
    imports,
    returns,
    calls,
  };
}

function requiredParameters(node: SyntaxNode): number {
  const list = node.getChild('ParamList');
  if (!list) return 0;
  let required = 0;
  let starred = false;
  for (let child = list.firstChild; child; child = child.nextSibling) {
    if (child.name === '*' || child.name === '**') starred = true;
    else if (child.name === ',') starred = false;
    else if (child.name === 'VariableName' && !starred) {
      const after = child.nextSibling?.name === 'TypeDef' ? child.nextSibling.nextSibling : child.nextSibling;
      if (child.prevSibling?.name !== 'AssignOp' && after?.name !== 'AssignOp') required++;
    }
  }
  return required;
}

function classFacts(
  node: SyntaxNode,
  source: string,
  line: (at: number) => number,
): { name: string; bases: string[]; line: number } {
  const list = node.getChild('ArgList');
  const bases = list ? readArguments(list, source).args.flatMap(({ path }) => path ?? []) : [];
  return { name: nameOf(node, source), bases, line: line(node.from) };
}

function nameOf(node: SyntaxNode, source: string): string {
  const name = node.getChild('VariableName');
  return name ? source.slice(name.from, name.to) : '';
}

function decoratorPath(node: SyntaxNode, source: string): string {
  return children(node)
    .filter(({ name }) => name === 'VariableName')
    .map(({ from, to }) => source.slice(from, to))
    .join('.');
}

function isMainGuard(node: SyntaxNode, source: string): boolean {
  const test = node.getChild('BinaryExpression');
  if (!test || !test.getChild('CompareOp')) return false;
  const sides = [test.firstChild, test.lastChild].map((side) => readValue(side, source));
  return sides.some(({ path }) => path === '__name__') && sides.some(({ text }) => text === '__main__');
}

/** Line numbers by position. Positions are asked for in rising order, so the text is gone through once. */
function lineCounter(source: string): (at: number) => number {
  let line = 1;
  let position = 0;
  return (at) => {
    if (at < position) [line, position] = [1, 0];
    for (
      let next = source.indexOf('\n', position);
      next !== -1 && next < at;
      next = source.indexOf('\n', position)
    ) {
      line++;
      position = next + 1;
    }
    return line;
  };
}
