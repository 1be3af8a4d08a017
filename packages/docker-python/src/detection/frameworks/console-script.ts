import { provide } from './programs';
import { consoleScripts, type OwnScript } from './own-scripts';
import { scriptFacts, type ScriptFacts } from './script-facts';
import { STANDARD_PORT } from './servers';
import { declaredFramework } from './declared-framework';
import type { Candidate, Framework, ProjectView } from './types';

/** Names of scripts that start a service, in the order in which they are taken. */
const STARTING =
  /^(start|serve|server|run|web|api|prod)$|[-_](server|serve|api|web|start|bot|worker|service|app)$/;

/** Names of scripts that are tools for working on the project. */
const TOOLS =
  /^(dev|test|tests|lint|format|fmt|check|docs|build|release|migrate|seed|typecheck|coverage|watch)$|[-_](dev|test|lint)$/;

/** `[project.scripts]`: the one that is named like the project or like a start; only if its module is in the tree. */
export const consoleScript: Framework = {
  name: 'console script',
  looksFor: '[project.scripts] whose module is in the tree',
  candidates(view) {
    const scripts = consoleScripts(view).filter(({ name }) => !TOOLS.test(name));
    const own = scripts.filter(({ name }) => view.names.includes(name.toLowerCase().replace(/[-.]/g, '_')));
    const starting = scripts.filter(({ name }) => STARTING.test(name));
    const chosen =
      own.length > 0 ? own : starting.length > 0 ? starting : scripts.length === 1 ? scripts : [];
    return chosen.map((script) => toCandidate(view, script));
  },
};

/** Several scripts of which none stands out: asked about, if nothing else says what to start. */
export const anyConsoleScript: Framework = {
  name: 'console scripts',
  looksFor: 'one of several [project.scripts]',
  candidates: (view) =>
    consoleScripts(view)
      .filter(({ name }) => !TOOLS.test(name))
      .map((script) => toCandidate(view, script)),
};

function toCandidate(view: ProjectView, script: OwnScript): Candidate {
  const file = view.tree.locate(script.module)!;
  const facts = scriptFacts(view, file);
  const framework = declaredFramework(view);
  const base = { from: script.from, ...(framework === undefined ? {} : { framework }) };
  return uvicornInstead(view, facts, base) ?? { ...base, command: [script.name], ...portFacts(view, facts) };
}

export function portFacts(view: ProjectView, facts: ScriptFacts): { port?: number } {
  return facts.serves
    ? { port: facts.port === undefined ? view.portOr(STANDARD_PORT) : (view.port ?? facts.port) }
    : {};
}

/**
 * `def start(): uvicorn.run("api.main:app", reload=True)`, made for development: the same application is served
 * directly, on an address that can be reached.
 */
export function uvicornInstead(
  view: ProjectView,
  facts: ScriptFacts,
  base: Pick<Candidate, 'from' | 'framework'>,
): Candidate | undefined {
  const module = facts.application?.split(':')[0];
  if (module === undefined || !facts.application!.includes(':') || view.tree.locate(module) === undefined)
    return undefined;
  const port = view.port ?? facts.port ?? view.portOr(STANDARD_PORT);
  return {
    ...base,
    command: ['uvicorn', facts.application!, '--host', '0.0.0.0', '--port', `${port}`],
    port,
    ...provide(view, 'uvicorn', base.from),
  };
}
