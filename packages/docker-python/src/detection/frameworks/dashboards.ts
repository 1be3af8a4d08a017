import { forContainer } from './container-command';
import { belongsToProject, entryFiles, otherFiles } from './search';
import type { Argv } from '../types';
import type { Candidate, EntryFile, Framework, ProjectView } from './types';

/** Programs that run a script of the project and serve it: the script is the one that imports the package at its top. */
const RUNNERS: readonly {
  readonly distribution: string;
  readonly module: string;
  readonly command: (path: string) => Argv;
  readonly after?: Argv;
}[] = [
  {
    distribution: 'streamlit',
    module: 'streamlit',
    command: (path) => ['streamlit', 'run', path],
    after: ['--server.headless', 'true'],
  },
  {
    distribution: 'chainlit',
    module: 'chainlit',
    command: (path) => ['chainlit', 'run', path],
    after: ['--headless'],
  },
  {
    distribution: 'panel',
    module: 'panel',
    command: (path) => ['panel', 'serve', path],
    after: ['--allow-websocket-origin', '*'],
  },
  { distribution: 'solara', module: 'solara', command: (path) => ['solara', 'run', path] },
  { distribution: 'mesop', module: 'mesop', command: (path) => ['mesop', path] },
];

/** Usual names of the script, beside the project's. `Home.py` is Streamlit's for apps of several pages. */
const STEMS = ['app', 'main', 'streamlit_app', 'home', 'dashboard', 'index', 'run', 'ui', '🏠_home'];

/** Streamlit, Chainlit, Panel: a script at the root, or the only one below it. */
export const dashboards: Framework = {
  name: 'Streamlit, Panel and the like',
  looksFor: 'a script for Streamlit, Panel, Chainlit or Solara',
  candidates(view) {
    for (const runner of RUNNERS) {
      if (!view.declares(runner.distribution)) continue;
      const scripts = [...entryFiles(view), ...otherFiles(view)].filter(({ path }) =>
        imports(view, path, runner.module),
      );
      const chosen = choose(view, scripts);
      if (chosen.length > 0) return chosen.map((file) => candidate(view, file, runner));
    }
    return [];
  },
};

function candidate(view: ProjectView, { path }: EntryFile, runner: (typeof RUNNERS)[number]): Candidate {
  const line = runner.command(path);
  const { command, port } = forContainer(line, view.port, (standard) => view.portOr(standard));
  const bound = runner.distribution === 'streamlit' ? [...command, '--server.address', '0.0.0.0'] : command;
  return {
    command: [...bound, ...(runner.after ?? [])],
    ...(port === undefined ? {} : { port }),
    framework: runner.distribution,
    from: view.tree.label(path),
  };
}

/** The shallowest scripts that no other one imports; of several, one with a usual name. Pages of an app are no scripts. */
function choose(view: ProjectView, scripts: readonly EntryFile[]): readonly EntryFile[] {
  const candidates = scripts.filter(({ path, stem }) => !/(^|\/)pages\//.test(path) && stem !== '__init__');
  const imported = new Set(
    scripts.flatMap(({ path }) =>
      [...(view.tree.facts(path)?.imports.values() ?? [])]
        .flatMap(({ module, name }) => [module, `${module}.${name}`])
        .map((module) => view.tree.locate(module)),
    ),
  );
  const top = candidates.filter(({ path }) => !imported.has(path));
  const depth = Math.min(...top.map((file) => file.depth));
  const shallow = top.filter((file) => file.depth === depth);
  const rank = (file: EntryFile): number => {
    const at = STEMS.indexOf(file.stem.toLowerCase());
    return at === -1 ? (belongsToProject(view, file.stem) ? STEMS.length : Infinity) : at;
  };
  const best = Math.min(...shallow.map(rank));
  return best === Infinity ? shallow : shallow.filter((file) => rank(file) === best);
}

function imports(view: ProjectView, path: string, module: string): boolean {
  if (!(view.tree.read(path) ?? '').includes(module)) return false;
  return [...(view.tree.facts(path)?.imports.values() ?? [])].some(
    (imported) => imported.level === 0 && imported.module.split('.')[0] === module,
  );
}
