import type { SyntaxNode } from '@lezer/common';
import type { Assignment, FunctionFacts, ModuleFacts } from './facts';
import { importsOf, type Imported } from './imports';
import { outline } from './outline';
import {
  assignmentsOf,
  decoratorPath,
  isMainGuard,
  lineCounter,
  nameOf,
  requiredParameters,
  withBindings,
} from './statements';
import { children, MAX_SOURCE_LENGTH, parsePython, readArguments, readValue, type Value } from './syntax';

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

function classFacts(
  node: SyntaxNode,
  source: string,
  line: (at: number) => number,
): { name: string; bases: string[]; line: number } {
  const list = node.getChild('ArgList');
  const bases = list ? readArguments(list, source).args.flatMap(({ path }) => path ?? []) : [];
  return { name: nameOf(node, source), bases, line: line(node.from) };
}
