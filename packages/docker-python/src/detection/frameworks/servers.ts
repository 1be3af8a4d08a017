import { DockerPythonError } from '../../errors';
import type { Argv } from '../types';
import type { ApplicationKind, Interface } from './applications';
import { declaredInExtra } from './manifest';
import type { Candidate, ProjectView } from './types';

/** Where `setup` writes the configuration of gunicorn. It binds to `$PORT`, default 8000. */
export const GUNICORN_CONFIG = 'docker/gunicorn.conf.py';

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

interface Server {
  readonly program: string;
  /** Distributions that bring it. */
  readonly distributions: readonly string[];
  /** Distributions that bring it with one of these extras: `fastapi[standard]`. */
  readonly bundles?: Readonly<Record<string, readonly string[]>>;
  command(target: string, factory: boolean, port: number, kind: Interface): Argv;
}

const call = (target: string, factory: boolean): string => (factory ? `${target}()` : target);
const ADDRESS = '0.0.0.0';

const gunicorn: Server = {
  program: 'gunicorn',
  distributions: ['gunicorn'],
  command: (target, factory) => ['gunicorn', '--config', GUNICORN_CONFIG, call(target, factory)],
};
const uwsgi: Server = {
  program: 'uwsgi',
  distributions: ['uwsgi', 'pyuwsgi'],
  command: (target, factory, port) => [
    'uwsgi',
    '--http',
    `${ADDRESS}:${port}`,
    '--master',
    '--need-app',
    '--module',
    call(target, factory),
  ],
};
const granian: Server = {
  program: 'granian',
  distributions: ['granian'],
  command: (target, factory, port, kind) => [
    'granian',
    '--interface',
    kind === 'wsgi' ? 'wsgi' : 'asgi',
    '--host',
    ADDRESS,
    '--port',
    `${port}`,
    ...(factory ? ['--factory'] : []),
    target,
  ],
};
const hypercorn: Server = {
  program: 'hypercorn',
  distributions: ['hypercorn'],
  command: (target, factory, port) => ['hypercorn', '--bind', `${ADDRESS}:${port}`, call(target, factory)],
};
const uvicorn: Server = {
  program: 'uvicorn',
  distributions: ['uvicorn', 'uvicorn-worker'],
  bundles: {
    fastapi: ['standard', 'all'],
    'fastapi-cli': ['standard'],
    litestar: ['standard'],
    'fastapi-slim': ['standard'],
  },
  command: (target, factory, port) => [
    'uvicorn',
    ...(factory ? ['--factory'] : []),
    target,
    '--host',
    ADDRESS,
    '--port',
    `${port}`,
  ],
};
const daphne: Server = {
  program: 'daphne',
  distributions: ['daphne'],
  bundles: { channels: ['daphne'] },
  command: (target, _factory, port) => ['daphne', '--bind', ADDRESS, '--port', `${port}`, target],
};
const waitress: Server = {
  program: 'waitress-serve',
  distributions: ['waitress'],
  command: (target, factory, port) => [
    'waitress-serve',
    '--listen',
    `${ADDRESS}:${port}`,
    ...(factory ? ['--call'] : []),
    target,
  ],
};
const sanic: Server = {
  program: 'sanic',
  distributions: ['sanic'],
  command: (target, factory, port) => [
    'sanic',
    target,
    '--host',
    ADDRESS,
    '--port',
    `${port}`,
    ...(factory ? ['--factory'] : []),
  ],
};

/** Servers by what they can serve; the first one that is declared is taken (measured, see IN-THE-WILD). */
const SERVERS: Readonly<Record<Interface, readonly Server[]>> = {
  wsgi: [gunicorn, uwsgi, granian, hypercorn, waitress],
  asgi: [granian, hypercorn, uvicorn, daphne],
  own: [sanic],
};

/** What is proposed where no server is declared. */
const PROPOSED: Readonly<Record<Interface, Server>> = { wsgi: gunicorn, asgi: uvicorn, own: sanic };

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
  const compose = (server: Server): Candidate => ({
    command: server.command(target, factory, port, kind.interface),
    port,
    framework: kind.framework,
    from,
  });
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
