import { DockerPythonError } from '../../errors';
import { declaredInExtra } from './manifest';
import { distributionOf } from './served-target';
import { declaresProgram } from './servers';
import type { Candidate, ProjectView } from './types';

/** Servers that a Dockerfile may install by itself, beside the project's requirements. */
const INSTALLABLE = new Set([
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'granian',
  'daphne',
  'waitress-serve',
  'uwsgi',
]);

/**
 * What has to be done so that a program is in the image: nothing, an extra or group, or a further requirement.
 *
 * @throws DockerPythonError COMMAND_NOT_FOUND where nothing declares a server that a command names
 */
export function provide(
  view: ProjectView,
  program: string,
  from: string,
): Pick<Candidate, 'needs' | 'addServer'> {
  if (!INSTALLABLE.has(program) || declaresProgram(view, program)) return {};
  const distribution = distributionOf(program);
  const extra = declaredInExtra(view.tree, [distribution]);
  if (extra)
    return { needs: { value: { [extra.kind]: [extra.name] }, from: view.tree.label('pyproject.toml') } };
  if (view.mayAddServer) return { addServer: { value: distribution, from } };
  throw new DockerPythonError({
    code: 'COMMAND_NOT_FOUND',
    message: `${from} starts ${program}, but "${distribution}" is not among the production dependencies.`,
    hint: `Add "${distribution}" to the project's dependencies, or write another start command as "command" in docker-python.json.`,
  });
}
