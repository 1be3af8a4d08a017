import { DockerPythonError } from '../../errors';
import type { ApplicationKind } from './applications';
import { gunicornBind, ownGunicornConfiguration } from './gunicorn-settings';
import { declaredInExtra } from './manifest';
import { agreedPort } from './port-source';
import { daphne, PROPOSED, SERVERS, type Server } from './server-table';
import type { Candidate, ProjectView } from './types';

/** The port of a web application where nobody says one. */
export const STANDARD_PORT = 8000;

/** An application object or factory that was found. */
export interface WebApplication {
  readonly module: string;
  readonly name: string;
  /** The name is a function that makes the application. */
  readonly factory: boolean;
  readonly kind: ApplicationKind;
  readonly from: string;
}

/** Whether one of the ASGI servers is part of the production set. */
export function declaresAsgiServer(view: ProjectView): boolean {
  return SERVERS.asgi.some((server) => declares(view, server));
}

/** Whether the production set has the server with this program's name. */
export function declaresProgram(view: ProjectView, program: string): boolean {
  return Object.values(SERVERS).some((servers) =>
    servers.some((server) => server.program === program && declares(view, server)),
  );
}

function declares(view: ProjectView, { distributions, bundles }: Server): boolean {
  return (
    distributions.some((name) => view.declares(name)) ||
    Object.entries(bundles ?? {}).some(([name, extras]) => view.declares(name, ...extras))
  );
}

/**
 * The command that serves an application with the server that the project declares.
 *
 * @throws DockerPythonError COMMAND_NOT_FOUND if it declares none that fits, with the line to add
 */
export function serve(view: ProjectView, application: WebApplication): Candidate {
  const { kind, from, factory } = application;
  const servers = SERVERS[kind.interface].filter((server) => !(factory && server === daphne));
  const port = view.portOr(STANDARD_PORT);
  const target = `${application.module}:${application.name}`;
  const compose = (server: Server): Candidate => {
    const config = server.program === 'gunicorn' ? ownGunicornConfiguration(view) : undefined;
    const bound = config && view.port === undefined ? gunicornBind(view, config)?.port : undefined;
    return {
      command: server.command(target, factory, bound ?? port, kind.interface, config),
      port: bound ?? port,
      portFrom: config && bound !== undefined ? view.tree.label(config) : agreedPort(view, port),
      framework: kind.framework,
      from,
    };
  };
  const declared = servers.find((server) => declares(view, server));
  if (declared) return compose(declared);
  for (const server of servers) {
    const extra = declaredInExtra(view.tree, server.distributions);
    if (extra)
      return {
        ...compose(server),
        needs: { value: { [extra.kind]: [extra.name] }, from: view.tree.label('pyproject.toml') },
      };
  }
  const proposed = PROPOSED[kind.interface];
  if (view.mayAddServer) return { ...compose(proposed), addServer: { value: proposed.program, from } };
  throw noServer(view, application, proposed, target);
}

/** Why no declared server fits, said in the message, because "add uvicorn" is surprising to somebody who has gunicorn. */
function noServer(
  view: ProjectView,
  { kind, from }: WebApplication,
  proposed: Server,
  target: string,
): DockerPythonError {
  const other = [...SERVERS.wsgi, ...SERVERS.asgi].find((server) => declares(view, server));
  const talk = kind.interface.toUpperCase();
  const why = other
    ? `${other.program} is declared, but does not serve ${talk} applications by itself`
    : 'no server that can run it is among its production dependencies';
  return new DockerPythonError({
    code: 'COMMAND_NOT_FOUND',
    message: `${from} has the ${talk} application "${target}" (${kind.framework}), but ${why}.`,
    hint: `Add "${proposed.distributions[0]}" to the project's dependencies, or write the start command as "command" in docker-python.json.`,
  });
}
