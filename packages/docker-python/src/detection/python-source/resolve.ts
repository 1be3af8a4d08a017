import type { Imported } from './imports';
import type { Assignment, FunctionFacts, ModuleFacts } from './facts';
import type { PythonTree } from './python-tree';

/** Longer chains of imports and assignments than this are not followed. */
const MAX_HOPS = 16;
const MAX_STEPS = 400;

/** Where the search is, so that circles end and nothing explodes. */
interface Walk {
  readonly tree: PythonTree;
  /** Whether a canonical path is what the caller is looking for: then a search stops at it. */
  readonly wanted: (path: string) => boolean;
  steps: number;
}

/** A local path made absolute, and the place where the search for it ended. */
export interface Origin {
  /** Canonical path: `flask.Flask()`, `dash.Dash().server`, `myproject.factory.create_app`. */
  readonly path: string;
  /** Project-relative file in which the object is made, and the line. */
  readonly file: string;
  readonly line: number;
}

/**
 * Follows a name, attribute or call of a module through assignments, imports, functions and base classes
 * to where it comes from. `app` with `import flask as f; app = f.Flask(__name__)` gives `flask.Flask()`.
 *
 * @param func the function whose local names count first, if the path stands in one
 * @param wanted tells which canonical paths answer the question; of several possibilities the first wanted one is taken
 */
export function resolveOrigin(
  tree: PythonTree,
  file: string,
  path: string,
  wanted: (path: string) => boolean,
  func?: FunctionFacts,
): Origin | undefined {
  return resolve({ tree, wanted, steps: 0 }, file, path, 0, 1, func);
}

/** What a function returns, if it is something wanted. */
export function resolveReturn(
  tree: PythonTree,
  file: string,
  func: FunctionFacts,
  wanted: (path: string) => boolean,
): Origin | undefined {
  return returned({ tree, wanted, steps: 0 }, file, func, '', 0);
}

function resolve(
  walk: Walk,
  file: string,
  path: string,
  hops: number,
  line: number,
  local?: FunctionFacts,
  before = Infinity,
): Origin | undefined {
  if (hops > MAX_HOPS || ++walk.steps > MAX_STEPS) return undefined;
  const facts = walk.tree.facts(file);
  if (!facts) return undefined;
  const head = /^\w+/u.exec(path)?.[0];
  if (head === undefined) return undefined;
  const rest = path.slice(head.length);

  const assigned =
    lastAssignment(local?.assignments ?? [], head, before) ??
    (local ? undefined : lastAssignment(facts.assignments, head, before));
  if (assigned) return fromAssignment(walk, file, assigned, rest, hops, local);
  const imported = local?.imports.get(head) ?? facts.imports.get(head);
  if (imported) return fromImport(walk, file, imported, rest, hops, line);
  if (local) return resolve(walk, file, path, hops + 1, line, undefined);
  const func = facts.functions.find(({ name }) => name === head);
  if (func && rest.startsWith('()')) return returned(walk, file, func, rest.slice(2), hops);
  const bases = facts.classes.find(({ name }) => name === head);
  if (bases)
    return firstWanted(
      walk,
      bases.bases.map((base) => () => resolve(walk, file, base + rest, hops + 1, bases.line)),
    );
  if (func) return { path: `${walk.tree.moduleOf(file)?.name ?? ''}.${path}`, file, line: func.line };
  return fromStar(walk, file, facts, path, hops, line);
}

function fromAssignment(
  walk: Walk,
  file: string,
  { value, line, name }: Assignment,
  rest: string,
  hops: number,
  local?: FunctionFacts,
): Origin | undefined {
  const value_ = value.path;
  if (value_ === undefined) return undefined;
  const found = resolve(
    walk,
    file,
    value_ + rest,
    hops + 1,
    line,
    local,
    value_.startsWith(name) ? line : Infinity,
  );
  if (found && walk.wanted(found.path)) return found;
  // A wrapper around an application is one too: `app = SomeMiddleware(app)`.
  const inner =
    rest === '' && /(Middleware|ProxyFix|WhiteNoise|TracingApp)\(\)$/.test(value_)
      ? (value.keywords?.['app'] ?? value.args?.[0])?.path
      : undefined;
  const wrapped = inner === undefined ? undefined : resolve(walk, file, inner, hops + 1, line, local, line);
  return wrapped && walk.wanted(wrapped.path) ? { ...wrapped, file, line } : found;
}

function fromImport(
  walk: Walk,
  file: string,
  imported: Imported,
  rest: string,
  hops: number,
  line: number,
): Origin | undefined {
  const module = absoluteModule(walk.tree, file, imported);
  if (module === undefined) return undefined;
  const within = imported.name === undefined ? rest.replace(/^\./, '') : imported.name + rest;
  const names = within === '' ? [] : within.split('.');
  // The longest prefix that is a module of this project; the remainder is looked up in it.
  let own: string | undefined = walk.tree.locate(module);
  let depth = 0;
  for (let i = 1, dotted = module; i <= names.length; i++) {
    dotted = dotted === '' ? names[i - 1]! : `${dotted}.${names[i - 1]!}`;
    const deeper = walk.tree.locate(dotted);
    if (deeper !== undefined) [own, depth] = [deeper, i];
  }
  if (own === undefined) return { path: [module, ...names].join('.'), file, line };
  const remainder = names.slice(depth).join('.');
  if (remainder === '') return { path: module, file: own, line: 1 };
  return resolve(walk, own, remainder, hops + 1, line);
}

function returned(
  walk: Walk,
  file: string,
  func: FunctionFacts,
  rest: string,
  hops: number,
): Origin | undefined {
  return firstWanted(
    walk,
    func.returns.flatMap(({ path }) =>
      path === undefined ? [] : [() => resolve(walk, file, path + rest, hops + 1, func.line, func)],
    ),
  );
}

function fromStar(
  walk: Walk,
  file: string,
  facts: ModuleFacts,
  path: string,
  hops: number,
  line: number,
): Origin | undefined {
  return firstWanted(
    walk,
    facts.starImports.map((star) => () => {
      const module = absoluteModule(walk.tree, file, star);
      const own = module === undefined ? undefined : walk.tree.locate(module);
      if (own !== undefined) return own === file ? undefined : resolve(walk, own, path, hops + 1, line);
      return module === undefined ? undefined : { path: `${module}.${path}`, file, line };
    }),
  );
}

function firstWanted(walk: Walk, searches: readonly (() => Origin | undefined)[]): Origin | undefined {
  for (const search of searches) {
    const found = search();
    if (found && walk.wanted(found.path)) return found;
  }
  return undefined;
}

function lastAssignment(
  assignments: readonly Assignment[],
  name: string,
  before: number,
): Assignment | undefined {
  return assignments.findLast(
    (assignment) =>
      assignment.name === name && assignment.line < before && assignment.value.path !== undefined,
  );
}

/** The dotted name of an imported module, relative imports made absolute. */
export function absoluteModule(
  tree: PythonTree,
  file: string,
  { level, module }: Imported,
): string | undefined {
  if (level === 0) return module;
  const own = tree.moduleOf(file);
  if (!own) return undefined;
  const parts = own.name.split('.');
  const keep = parts.length - level + (own.isPackage ? 1 : 0);
  if (keep < 0) return undefined;
  return [...parts.slice(0, keep), ...(module === '' ? [] : [module])].join('.');
}
