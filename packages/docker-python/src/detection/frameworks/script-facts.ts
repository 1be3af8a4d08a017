import { resolveOrigin, type FunctionFacts, type ModuleFacts, type Value } from '../python-source';
import { servingCall, SILENT, type ScriptFacts, type StartCall } from './serving-calls';
import type { ProjectView } from './types';

export type { ScriptFacts } from './serving-calls';

/** Names of functions that are taken for the start even if nothing in the module calls them. */
const STARTING = ['main', 'run', 'start', 'serve'];

/**
 * Reads what happens at start: calls at module level, under the main guard, and in the functions that these reach,
 * those imported from other modules of the project included.
 *
 * @param entry name of the function that a console script calls
 */
export function scriptFacts(view: ProjectView, file: string, entry?: string): ScriptFacts {
  const facts = view.tree.facts(file);
  if (!facts) return SILENT;
  const calls = startCalls(facts, entry === undefined ? STARTING : [entry, ...STARTING]);
  const own = servingCall(view, file, calls);
  return own.serves ? own : inImported(view, file, calls, new Set());
}

/** What the functions do that some calls name, or get as an argument, and that other modules of the project define. */
function inImported(
  view: ProjectView,
  file: string,
  calls: readonly StartCall[],
  seen: Set<FunctionFacts>,
): ScriptFacts {
  for (const { call, func } of calls) {
    for (const name of namesIn(call)) {
      const origin = resolveOrigin(view.tree, file, name, () => true, func);
      if (!origin || origin.file === file) continue;
      const target = view.tree.facts(origin.file)?.functions.find(({ line }) => line === origin.line);
      if (!target || seen.has(target)) continue;
      seen.add(target);
      const inner = callsOf(target);
      const found = servingCall(view, origin.file, inner);
      const result = found.serves ? found : inImported(view, origin.file, inner, seen);
      if (result.serves) return result;
    }
  }
  return SILENT;
}

/** Functions that a call calls, directly or by handing them on: `asyncio.run(main())`. */
function namesIn({ path, args }: Value): readonly string[] {
  return [path, ...(args ?? []).map((arg) => arg.path)].flatMap((name) => name?.replace(/\(\)$/, '') ?? []);
}

/** Calls that run when the module is started: at module level, under the main guard, in the functions these name. */
function startCalls(facts: ModuleFacts, starting: readonly string[]): readonly StartCall[] {
  const roots = [...(facts.mainGuard?.calls ?? []), ...facts.calls];
  const called = new Set([...roots.flatMap(namesIn), ...starting]);
  return [
    ...roots.map((call) => ({ call })),
    ...facts.functions.filter(({ name }) => called.has(name)).flatMap(callsOf),
  ];
}

function callsOf(func: FunctionFacts): readonly StartCall[] {
  return [...func.calls, ...func.assignments.map(({ value }) => value)].map((call) => ({ call, func }));
}
