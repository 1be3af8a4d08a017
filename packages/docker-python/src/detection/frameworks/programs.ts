import { DockerPythonError } from '../../errors';
import { declaredInExtra } from './manifest';
import { distributionOf } from './served-target';
import { declaresProgram } from './servers';
import type { Candidate, ProjectView } from './types';

/** Servers that a Dockerfile may install by itself, beside the project's requirements; and whether `setup` can add them. */
const INSTALLABLE: ReadonlyMap<string, 'addable' | 'declared only'> = new Map([
  ['gunicorn', 'addable'],
  ['uvicorn', 'addable'],
  ['hypercorn', 'addable'],
  ['granian', 'addable'],
  ['waitress-serve', 'addable'],
  ['daphne', 'declared only'],
  ['uwsgi', 'declared only'],
]);

/** Where a program of a command comes from, if the project's requirements do not bring it anyway. */
type Provision = Pick<Candidate, 'needs' | 'addServer'> | { readonly problem: string };

/** What has to be done so that a program is in the image: nothing, an extra or group, or a further requirement. */
export function provision(view: ProjectView, program: string, from: string): Provision {
  const installable = INSTALLABLE.get(program);
  if (installable === undefined || declaresProgram(view, program)) return {};
  const distribution = distributionOf(program);
  const extra = declaredInExtra(view.tree, [distribution]);
  if (extra)
    return { needs: { value: { [extra.kind]: [extra.name] }, from: view.tree.label('pyproject.toml') } };
  if (view.mayAddServer && installable === 'addable') return { addServer: { value: distribution, from } };
  return { problem: `it starts ${program}, but "${distribution}" is not among the production dependencies` };
}

/**
 * {@link provision} for evidence that nothing else can stand in for.
 *
 * @throws DockerPythonError COMMAND_NOT_FOUND where nothing declares a server that a command names
 */
export function provide(
  view: ProjectView,
  program: string,
  from: string,
): Pick<Candidate, 'needs' | 'addServer'> {
  const provided = provision(view, program, from);
  if (!('problem' in provided)) return provided;
  const distribution = distributionOf(program);
  throw new DockerPythonError({
    code: 'COMMAND_NOT_FOUND',
    message: `${from} starts ${program}, but "${distribution}" is not among the production dependencies.`,
    hint: `Add "${distribution}" to the project's dependencies, or write another start command as "command" in docker-python.json.`,
  });
}
