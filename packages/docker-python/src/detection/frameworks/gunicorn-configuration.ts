import { resolveOrigin } from '../python-source';
import { applicationKind, isApplication } from './applications';
import { declaredFramework } from './declared-framework';
import { gunicornBind, GUNICORN_FILES } from './gunicorn-settings';
import { provide } from './programs';
import { STANDARD_PORT } from './servers';
import type { Framework } from './types';

/** A gunicorn configuration that names the application: `wsgi_app = "shop.wsgi:application"`. */
export const gunicornConfiguration: Framework = {
  name: 'gunicorn configuration',
  looksFor: 'a gunicorn configuration with wsgi_app',
  candidates(view) {
    return GUNICORN_FILES.flatMap((path) => {
      if (!view.tree.exists(path) || !(view.tree.read(path) ?? '').includes('wsgi_app')) return [];
      const setting = view.tree.facts(path)?.assignments.findLast(({ name }) => name === 'wsgi_app');
      const [module, name = 'application'] = (setting?.value.text ?? '').split(':');
      const file = module ? view.tree.locate(module) : undefined;
      if (file === undefined || !setting) return [];
      const bind = gunicornBind(view, path);
      const fixed =
        bind !== undefined && (view.port === undefined || bind.port === undefined || bind.port === view.port);
      const port = view.port ?? bind?.port ?? view.portOr(STANDARD_PORT);
      const origin = resolveOrigin(view.tree, file, name, isApplication);
      const framework = (origin && applicationKind(origin.path)?.framework) ?? declaredFramework(view);
      const from = `${view.tree.label(path)}:${setting.line}`;
      return [
        {
          command: ['gunicorn', '--config', path, ...(fixed ? [] : ['--bind', `0.0.0.0:${port}`])],
          port,
          from,
          ...(framework === undefined ? {} : { framework }),
          ...provide(view, 'gunicorn', from),
        },
      ];
    }).slice(0, 1);
  },
};
