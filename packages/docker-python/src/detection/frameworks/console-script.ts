import { FRAMEWORK_DISTRIBUTIONS } from './applications';
import { resolveOrigin } from '../python-source';
import { loopbackOption } from './loopback-option';
import { provide } from './programs';
import { consoleScripts, type OwnScript } from './own-scripts';
import { scriptFacts, type ScriptFacts } from './script-facts';
import { STANDARD_PORT } from './servers';
import { declaredFramework } from './declared-framework';
import type { Candidate, Framework, ProjectView } from './types';

/** Names of scripts that start a service, other than by the project's name. */
const STARTING = /^(start|serve|server|run|web|api|prod)$|[-_](server|serve|api|web|start|service|app)$/;

/** Names of scripts that work in the background. */
const WORKER = /(^|[-_])(worker|bot|consumer)$/;

/** Names of scripts that are tools for working on the project. */
const TOOLS =
  /^(dev|test|tests|lint|format|fmt|check|docs|build|release|migrate|seed|typecheck|coverage|watch)$|[-_](dev|test|lint)$/;

/** `[project.scripts]`: the one that is named like the project or like a start; only if its module is in the tree. */
export const consoleScript: Framework = {
  name: 'console script',
  looksFor: '[project.scripts] whose module is in the tree',
  candidates(view) {
    const scripts = runnableScripts(view).filter((script) => !developmentOnly(view, script));
    const own = scripts.filter(({ name }) => view.names.includes(name.toLowerCase().replace(/[-.]/g, '_')));
    // The worker of a web application is a further process of it.
    const starting = scripts.filter(
      ({ name }) => STARTING.test(name) || (WORKER.test(name) && !isWebProject(view)),
    );
    const lone = scripts.length === 1 && !isBesideWebApplication(view, scripts[0]!) ? scripts : [];
    const chosen = [own, starting, lone].find((some) => some.length > 0) ?? [];
    return chosen.map((script) => toCandidate(view, script));
  },
};

/** A script that runs a framework's server for development: the application itself is looked for, and served properly. */
function developmentOnly(view: ProjectView, { module, func }: OwnScript): boolean {
  return scriptFacts(view, view.tree.locate(module)!, func).development === true;
}

/** Whether the requirements speak of a web application: a framework or a server. */
function isWebProject(view: ProjectView): boolean {
  return [...Object.keys(FRAMEWORK_DISTRIBUTIONS), 'gunicorn', 'uvicorn', 'hypercorn', 'granian'].some(
    (name) => view.declares(name),
  );
}

/** A worker of a web application, or a script of it that serves nothing, does not start it. */
function isBesideWebApplication(view: ProjectView, { name, module, func }: OwnScript): boolean {
  return (
    declaredFramework(view) !== undefined &&
    (WORKER.test(name) || !scriptFacts(view, view.tree.locate(module)!, func).serves)
  );
}

/** Several scripts of which none stands out: asked about, if nothing else says what to start. */
export const anyConsoleScript: Framework = {
  name: 'console scripts',
  looksFor: 'one of several [project.scripts]',
  candidates: (view) => runnableScripts(view).map((script) => toCandidate(view, script)),
};

/** Scripts that do something when they are called without arguments, as far as that can be seen. */
function runnableScripts(view: ProjectView): readonly OwnScript[] {
  return consoleScripts(view).filter((script) => {
    if (TOOLS.test(script.name)) return false;
    if (!needsSubcommand(view, script)) return true;
    view.note({
      code: 'SCRIPT_NEEDS_SUBCOMMAND',
      message: `The script ${script.name} (${script.from}) is not used: it needs a subcommand.`,
      hint: `If it is the right one, write "command": ["${script.name}", "..."] in docker-python.json.`,
    });
    return false;
  });
}

/** A group of commands of click or typer prints its help when it is called alone. */
function needsSubcommand(view: ProjectView, { module, func }: OwnScript): boolean {
  const file = view.tree.locate(module)!;
  const facts = view.tree.facts(file);
  if (!facts) return false;
  const isGroup = (name: string): boolean =>
    facts.functions.some(
      (other) => other.name === name && other.decorators.some((path) => /(^|\.)group$/.test(path)),
    ) ||
    /^(typer\.Typer|click\.Group|click\.CommandCollection)\(\)$/.test(
      resolveOrigin(view.tree, file, name, () => true)?.path ?? '',
    );
  const called = facts.functions.find(({ name }) => name === func)?.calls ?? [];
  return isGroup(func) || called.some(({ path }) => path !== undefined && isGroup(path.replace(/\(\)$/, '')));
}

function toCandidate(view: ProjectView, script: OwnScript): Candidate {
  const file = view.tree.locate(script.module)!;
  const facts = scriptFacts(view, file, script.func);
  const framework = declaredFramework(view);
  const base = { from: script.from, ...(framework === undefined ? {} : { framework }) };
  const loopback = facts.serves ? loopbackOption(view, [script.name]) : undefined;
  return (
    uvicornInstead(view, facts, base) ?? {
      ...base,
      command: loopback?.certain ? loopback.instead : [script.name],
      ...portFacts(view, facts),
    }
  );
}

/** The port of a script: the one it says, else the one a Dockerfile exposes; none if nothing speaks of a port. */
export function portFacts(view: ProjectView, facts: ScriptFacts): { port?: number } {
  const said = facts.serves ? (facts.port ?? view.portOr(STANDARD_PORT)) : view.exposedPort()?.value;
  return said === undefined ? {} : { port: view.port ?? said };
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
