import type { ProjectView } from './types';

/** Names under which projects keep a configuration of gunicorn, at the root or in a folder for such files. */
export const GUNICORN_FILES = [
  'gunicorn.conf.py',
  'gunicorn_config.py',
  'gunicorn_conf.py',
  'gunicorn.py',
  'gunicorn-conf.py',
  'gunicorn_cfg.py',
  'config/gunicorn.py',
  'config/gunicorn.conf.py',
  'conf/gunicorn.conf.py',
  'deploy/gunicorn.conf.py',
  'docker/gunicorn.conf.py',
];

/**
 * Where a configuration of gunicorn listens.
 *
 * @returns undefined if there is no such file or it does not say; the port is absent if it is computed
 */
export function gunicornBind(view: ProjectView, path: string): { readonly port?: number } | undefined {
  const bind = view.tree.exists(path)
    ? view.tree.facts(path)?.assignments.findLast(({ name }) => name === 'bind')
    : undefined;
  if (!bind) return undefined;
  const port = Number(/:(\d+)$/.exec(bind.value.text ?? '')?.[1]);
  return Number.isInteger(port) ? { port } : {};
}
