import type { ApplicationKind } from './applications';
import { declaredFramework } from './declared-framework';
import { objectsIn } from './find-applications';
import { belongsToProject, filesNamed, moduleStem } from './search';
import { declaresAsgiServer, serve, type WebApplication } from './servers';
import type { EntryFile, Framework, ProjectView } from './types';

/** Names of the object that servers look for in such a module. */
const NAMES = ['application', 'app', 'asgi_app', 'wsgi_app'];

/** `wsgi.py` and `asgi.py`: modules that exist only to be served. */
export const wsgiModule: Framework = {
  name: 'wsgi.py or asgi.py',
  looksFor: 'wsgi.py or asgi.py',
  candidates(view) {
    const files = filesNamed(view, ['wsgi', 'asgi']);
    for (const depth of new Set(files.map((file) => file.depth))) {
      const found = files
        .filter((file) => file.depth === depth)
        .flatMap((file) => applicationOf(view, file) ?? []);
      if (found.length === 0) continue;
      const wanted = found.filter(({ kind }) => kind.interface === preferredInterface(view));
      const fitting = wanted.length > 0 ? wanted : found;
      const own = fitting.filter(({ module }) => belongsToProject(view, module.replaceAll('.', '/')));
      return (own.length > 0 ? own : fitting).map((application) => serve(view, application));
    }
    return [];
  },
};

/** Projects that have both usually got the one that they do not use from a template; the declared server decides. */
function preferredInterface(view: ProjectView): 'wsgi' | 'asgi' {
  return !view.declares('gunicorn') && declaresAsgiServer(view) ? 'asgi' : 'wsgi';
}

function applicationOf(view: ProjectView, file: EntryFile): WebApplication | undefined {
  const known = objectsIn(view, file)[0];
  if (known) return known;
  // An object of a kind that we do not know is still what a server is meant to load, by the name of the module.
  const assignment = view.tree
    .facts(file.path)
    ?.assignments.find(({ name, value }) => NAMES.includes(name) && value.path?.endsWith('()'));
  const module = view.tree.moduleOf(file.path)?.name;
  if (!assignment || module === undefined) return undefined;
  const kind: ApplicationKind = {
    framework: declaredFramework(view) ?? moduleStem(file),
    interface: moduleStem(file) === 'asgi' ? 'asgi' : 'wsgi',
  };
  return {
    module,
    name: assignment.name,
    factory: false,
    kind,
    from: `${view.tree.label(file.path)}:${assignment.line}`,
  };
}
