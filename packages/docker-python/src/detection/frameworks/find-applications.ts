import {
  absoluteModule,
  resolveOrigin,
  resolveReturn,
  type ModuleFacts,
  type Origin,
} from '../python-source';
import { applicationKind, isApplication, mentionsApplication } from './applications';
import type { WebApplication } from './servers';
import type { EntryFile, ProjectView } from './types';

/** An application with the place where it is really made. */
export interface FoundApplication extends WebApplication {
  readonly file: EntryFile;
  /** `app/__init__.py:12`: the same for all names of one object. */
  readonly origin: string;
}

/** Names that application objects and factories usually have, the most usual first. */
const OBJECT_NAMES = [
  'app',
  'application',
  'asgi_app',
  'wsgi_app',
  'asgi',
  'wsgi',
  'server',
  'api',
  'web_app',
  'webapp',
  'main',
];
const FACTORY_NAMES = [
  'create_app',
  'app_factory',
  'get_application',
  'create_application',
  'make_app',
  'build_app',
  'get_app',
  'init_app',
  'asgi_app',
  'wsgi_app',
  'application',
  'app',
];

/** Imported names that may be an application: every other one would have to be followed into its module. */
const APPLICATION_NAME = /app|api|server|asgi|wsgi|service|^main$/i;

/** Files with more names than this at module level are data. */
const MAX_NAMES = 300;

/** The application objects at module level of a file; those inside of another one left out. */
export function objectsIn(view: ProjectView, file: EntryFile): readonly FoundApplication[] {
  const facts = relevantFacts(view, file);
  if (!facts) return [];
  const names = new Set<string>();
  for (const { name, value } of facts.assignments)
    if (value.path !== undefined && !name.includes('.')) names.add(name);
  for (const [name, imported] of facts.imports) {
    if (!APPLICATION_NAME.test(name)) continue;
    const module = absoluteModule(view.tree, file.path, imported);
    if (imported.name !== undefined && module !== undefined && isOwn(view, module, imported.name))
      names.add(name);
  }
  const found = [...names].slice(0, MAX_NAMES).flatMap((name) => {
    const origin = resolveOrigin(view.tree, file.path, name, isApplication);
    return application(view, file, name, origin, false) ?? [];
  });
  return preferred(outermost(facts, found), OBJECT_NAMES);
}

/** The functions of a file that make an application and can be called without arguments. */
export function factoriesIn(view: ProjectView, file: EntryFile): readonly FoundApplication[] {
  const facts = relevantFacts(view, file);
  const found = (facts?.functions ?? []).flatMap((func) => {
    if (func.required > 0 || func.name.startsWith('test')) return [];
    const origin = resolveReturn(view.tree, file.path, func, isApplication);
    const made = application(view, file, func.name, origin, true);
    return made ? [{ ...made, from: `${view.tree.label(file.path)}:${func.line}` }] : [];
  });
  return preferred(found, FACTORY_NAMES);
}

function application(
  view: ProjectView,
  file: EntryFile,
  name: string,
  origin: Origin | undefined,
  factory: boolean,
): FoundApplication | undefined {
  const kind = origin && applicationKind(origin.path);
  const module = view.tree.moduleOf(file.path)?.name;
  if (!kind || module === undefined) return undefined;
  const line = view.tree
    .facts(file.path)
    ?.assignments.findLast((assignment) => assignment.name === name)?.line;
  const from = `${view.tree.label(file.path)}${line === undefined ? '' : `:${line}`}`;
  return { module, name, factory, kind, file, origin: `${origin.file}:${origin.line}`, from };
}

/** Facts of a file that may have an application: it names a framework, or names something of the project's own. */
function relevantFacts(view: ProjectView, { path }: EntryFile): ModuleFacts | undefined {
  const text = view.tree.read(path);
  if (text === undefined) return undefined;
  return mentionsApplication(text) || /\b(app|application|api|server)\b|_app\b|app_/.test(text)
    ? view.tree.facts(path)
    : undefined;
}

function isOwn(view: ProjectView, module: string, name: string): boolean {
  if (module !== '' && view.tree.locate(`${module}.${name}`) !== undefined) return false;
  return view.tree.locate(module) !== undefined;
}

/** Leaves out applications that another one of the same file wraps or mounts. */
function outermost(facts: ModuleFacts, found: readonly FoundApplication[]): readonly FoundApplication[] {
  const names = new Set(found.map(({ name }) => name));
  const inner = new Set<string>();
  const mark = (owner: string, values: readonly { readonly path?: string }[]): void => {
    for (const { path } of values)
      if (path !== undefined && path !== owner && names.has(owner)) inner.add(path);
  };
  for (const { name, value } of facts.assignments)
    mark(name, [...(value.args ?? []), ...Object.values(value.keywords ?? {})]);
  for (const { path, args, keywords } of facts.calls) {
    const mount = /^(\w+)\.(mount|add_app|register|include)\(\)$/u.exec(path ?? '');
    if (mount) mark(mount[1]!, [...(args ?? []), ...Object.values(keywords ?? {})]);
  }
  const outer = found.filter(({ name }) => !inner.has(name));
  return outer.length > 0 ? outer : found;
}

/** One object has one name, the most usual one. Of several objects those with usual names are left, if there are any. */
function preferred(
  found: readonly FoundApplication[],
  usual: readonly string[],
): readonly FoundApplication[] {
  const rank = (name: string): number => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  const sorted = [...found].sort((a, b) => rank(a.name) - rank(b.name));
  const best = sorted.filter(({ name }) => rank(name) < usual.length);
  return dedupe(best.length > 0 ? [best[0]!] : sorted);
}

/** Keeps the first name of each object. */
export function dedupe(found: readonly FoundApplication[]): readonly FoundApplication[] {
  const seen = new Set<string>();
  return found.filter(({ origin }) => !seen.has(origin) && seen.add(origin));
}
