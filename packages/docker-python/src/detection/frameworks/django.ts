import { absoluteModule } from '../python-source';
import { declaresAsgiServer, serve } from './servers';
import type { Framework, ProjectView } from './types';

/** How many settings files that include each other are followed. */
const MAX_SETTINGS_FILES = 12;

/** Django's settings name the application: `WSGI_APPLICATION = "shop.wsgi.application"`. */
export const django: Framework = {
  name: 'Django settings',
  looksFor: 'WSGI_APPLICATION or ASGI_APPLICATION in the settings that manage.py names',
  candidates(view) {
    const settings = managementScripts(view).flatMap((path) => settingsModule(view, path) ?? []);
    for (const module of settings) {
      const wsgi = applicationSetting(view, module, 'WSGI_APPLICATION');
      const asgi = applicationSetting(view, module, 'ASGI_APPLICATION');
      const useAsgi = asgi !== undefined && (wsgi === undefined || declaresAsgiServer(view));
      const chosen = useAsgi ? asgi : wsgi;
      if (!chosen) continue;
      return [
        serve(view, {
          ...chosen,
          factory: false,
          kind: { framework: 'django', interface: useAsgi ? 'asgi' : 'wsgi' },
        }),
      ];
    }
    return [];
  },
};

/** Every manage.py that is about Django: at the root, on a source root, or in a folder of the root. */
function managementScripts(view: ProjectView): readonly string[] {
  const folders = [
    '.',
    ...view.tree.sourceRoots,
    ...view.tree.list('.').flatMap((name) => (name.endsWith('/') ? [name.slice(0, -1)] : [])),
  ];
  const paths = folders.map((folder) => (folder === '.' ? 'manage.py' : `${folder}/manage.py`));
  return [...new Set(paths)].filter(
    (path) => view.tree.exists(path) && (view.tree.read(path) ?? '').includes('DJANGO_SETTINGS_MODULE'),
  );
}

function settingsModule(view: ProjectView, path: string): string | undefined {
  const facts = view.tree.facts(path);
  const calls = [
    ...(facts?.calls ?? []),
    ...(facts?.mainGuard?.calls ?? []),
    ...(facts?.functions ?? []).flatMap((func) => func.calls),
  ];
  const args = calls.find(
    ({ path: callee, args: given }) =>
      /\bsetdefault\(\)$/.test(callee ?? '') && given?.[0]?.text === 'DJANGO_SETTINGS_MODULE',
  )?.args;
  return args?.[1]?.text;
}

/** The application that a settings module, what it includes, or its neighbours in the settings package name. */
function applicationSetting(
  view: ProjectView,
  module: string,
  name: string,
): { module: string; name: string; from: string } | undefined {
  const queue = [module, ...siblings(view, module)];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < MAX_SETTINGS_FILES; next = queue.shift()) {
    const file = view.tree.locate(next);
    if (file === undefined || seen.has(file)) continue;
    seen.add(file);
    const facts = view.tree.facts(file);
    const value = facts?.assignments.findLast((assignment) => assignment.name === name)?.value.text;
    const dot = value?.lastIndexOf('.') ?? -1;
    if (value !== undefined && dot > 0 && view.tree.locate(value.slice(0, dot)) !== undefined) {
      return {
        module: value.slice(0, dot),
        name: value.slice(dot + 1),
        from: `${name} in ${view.tree.label(file)}`,
      };
    }
    queue.unshift(
      ...(facts?.starImports ?? []).flatMap((star) => absoluteModule(view.tree, file, star) ?? []),
    );
  }
  return undefined;
}

/** Production and base settings beside the ones that manage.py names, which are often those for development. */
function siblings(view: ProjectView, module: string): readonly string[] {
  const packages = [module, module.slice(0, Math.max(0, module.lastIndexOf('.')))].filter(
    (name) => name !== '',
  );
  return packages.flatMap((name) => [
    name,
    ...['production', 'prod', 'base', 'common', 'defaults', 'settings'].map((last) => `${name}.${last}`),
  ]);
}
