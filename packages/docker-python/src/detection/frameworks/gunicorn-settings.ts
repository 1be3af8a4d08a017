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
 * @returns undefined if there is no such file, or it does not say, or computes it: then the command has to say it.
 *   The port is absent for a socket.
 */
export function gunicornBind(view: ProjectView, path: string): { readonly port?: number } | undefined {
  const bind = view.tree.exists(path)
    ? view.tree.facts(path)?.assignments.findLast(({ name }) => name === 'bind')
    : undefined;
  const text = bind?.value.text;
  if (text === undefined) return undefined;
  const port = Number(/:(\d+)$/.exec(text)?.[1]);
  return Number.isInteger(port) ? { port } : /^(unix|fd):/.test(text) ? {} : undefined;
}
