import { GUNICORN_CONFIG } from './server-table';
import type { ProjectView } from './types';

/** What gunicorn reads of its working directory where nothing else is named. */
const FOUND = 'gunicorn.conf.py';

/** Names under which projects keep a configuration of gunicorn, at the root or in a folder for such files. */
export const GUNICORN_FILES = [
  FOUND,
  'gunicorn_config.py',
  'gunicorn_conf.py',
  'gunicorn.py',
  'gunicorn-conf.py',
  'gunicorn_cfg.py',
  'config/gunicorn.py',
  'config/gunicorn.conf.py',
  'conf/gunicorn.conf.py',
  'deploy/gunicorn.conf.py',
  GUNICORN_CONFIG,
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

/**
 * The configuration that a gunicorn of ours is given instead of the one that setup writes: the user's, which it would
 * find by itself. Where both are there, the one for the image counts, which the user may have edited.
 */
export function ownGunicornConfiguration(view: ProjectView): string | undefined {
  if (!view.tree.exists(FOUND)) return undefined;
  if (!view.tree.exists(GUNICORN_CONFIG)) return FOUND;
  view.note({
    code: 'gunicorn-configuration-unread',
    message: `${view.tree.label(FOUND)} is not read: the start command names ${GUNICORN_CONFIG}.`,
    hint: `Delete ${GUNICORN_CONFIG}, and gunicorn is given yours; or move into it what counts. "command" in docker-python.json decides it, too.`,
  });
  return undefined;
}
