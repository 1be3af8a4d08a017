import { uvicornInstead, portFacts } from './console-script';
import { declaredFramework } from './declared-framework';
import { scriptFacts } from './script-facts';
import { belongsToProject } from './search';
import type { Candidate, EntryFile, Framework, ProjectView } from './types';

/** A package with `__main__.py`, run as `python -m package`. */
export const packageMain: Framework = {
  name: 'python -m package',
  looksFor: 'a package with __main__.py',
  candidates(view) {
    const files = view.pythonFiles.filter(({ stem, depth }) => stem === '__main__' && depth === 1);
    return best(view, files).flatMap((file) => {
      const module = view.tree.moduleOf(file.path)?.name.replace(/\.__main__$/, '');
      return module === undefined ? [] : [candidate(view, file, ['python', '-m', module])];
    });
  },
};

/** A script at the root that says what it does when it is run; the one named like the project first, then `main.py`. */
export const rootScript: Framework = {
  name: 'script at the root',
  looksFor: 'a script at the root with a main guard',
  candidates: (view) =>
    scripts(
      view,
      view.pythonFiles.filter(({ path }) => !path.includes('/')),
      ['main', 'app', 'run', 'bot', 'server', 'start', '__main__', 'worker', 'index'],
    ),
};

/** The same one level down. */
export const nestedScript: Framework = {
  name: 'script one level down',
  looksFor: 'main.py or bot.py one level down',
  candidates: (view) =>
    scripts(
      view,
      view.pythonFiles.filter(
        ({ path, stem }) =>
          path.split('/').length === 2 && /^(main|bot|app|run|server|__main__|worker)$/.test(stem),
      ),
      ['main', 'bot', '__main__', 'app', 'run', 'server', 'worker'],
    ),
};

function scripts(
  view: ProjectView,
  files: readonly EntryFile[],
  usual: readonly string[],
): readonly Candidate[] {
  const guarded = files.filter(
    ({ path }) =>
      /__main__/.test(view.tree.read(path) ?? '') && view.tree.facts(path)?.mainGuard !== undefined,
  );
  const runnable =
    guarded.length > 0
      ? guarded
      : files.filter(
          ({ path, stem }) => usual.includes(stem) && (view.tree.facts(path)?.calls.length ?? 0) > 0,
        );
  const own = runnable.filter(({ stem }) => view.names.includes(stem.toLowerCase()));
  const named = usual.flatMap((stem) => runnable.filter((file) => file.stem === stem));
  const first =
    own.length > 0 ? own : named.length > 0 ? named.filter(({ stem }) => stem === named[0]!.stem) : runnable;
  return best(view, first).map((file) => {
    const module = view.tree.moduleOf(file.path)?.name;
    // A script that imports its neighbours relatively is part of a package and cannot be run as a file.
    const relative = [...(view.tree.facts(file.path)?.imports.values() ?? [])].some(({ level }) => level > 0);
    return candidate(
      view,
      file,
      relative && module !== undefined ? ['python', '-m', module] : ['python', file.path],
    );
  });
}

function candidate(view: ProjectView, { path }: EntryFile, command: readonly string[]): Candidate {
  const facts = scriptFacts(view, path);
  const framework = declaredFramework(view);
  const base = { from: view.tree.label(path), ...(framework === undefined ? {} : { framework }) };
  return uvicornInstead(view, facts, base) ?? { ...base, command, ...portFacts(view, facts) };
}

/** Files of the project's own package, if there are any among several. */
function best(view: ProjectView, files: readonly EntryFile[]): readonly EntryFile[] {
  const own = files.length > 1 ? files.filter(({ path }) => belongsToProject(view, path)) : files;
  return own.length > 0 ? own : files;
}
