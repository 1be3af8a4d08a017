import type { Argv } from '../types';
import type { Interface } from './applications';

/** Where `setup` writes the configuration of gunicorn. It binds to `$PORT`, default 8000. */
export const GUNICORN_CONFIG = 'docker/gunicorn.conf.py';

/** A program that serves applications. */
export interface Server {
  readonly program: string;
  /** Distributions that bring it. */
  readonly distributions: readonly string[];
  /** Distributions that bring it with one of these extras: `fastapi[standard]`. */
  readonly bundles?: Readonly<Record<string, readonly string[]>>;
  /** @param config a configuration of the user's for it, which need not say where to listen */
  command(target: string, factory: boolean, port: number, kind: Interface, config?: string): Argv;
}

const call = (target: string, factory: boolean): string => (factory ? `${target}()` : target);
const ADDRESS = '0.0.0.0';

const gunicorn: Server = {
  program: 'gunicorn',
  distributions: ['gunicorn'],
  command: (target, factory, port, _kind, config) => [
    'gunicorn',
    ...(config === undefined
      ? ['--config', GUNICORN_CONFIG]
      : ['--config', config, '--bind', `${ADDRESS}:${port}`]),
    call(target, factory),
  ],
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
/** Cannot call a factory. */
export const daphne: Server = {
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
export const SERVERS: Readonly<Record<Interface, readonly Server[]>> = {
  wsgi: [gunicorn, uwsgi, granian, hypercorn, waitress],
  asgi: [granian, hypercorn, uvicorn, daphne],
  own: [sanic],
};

/** What is proposed where no server is declared. */
export const PROPOSED: Readonly<Record<Interface, Server>> = { wsgi: gunicorn, asgi: uvicorn, own: sanic };
