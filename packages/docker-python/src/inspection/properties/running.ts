import { posix } from 'node:path';
import { some, type Property } from './types';

const INIT = /^(tini|tini-static|dumb-init|docker-init|catatonit|s6-svscan|init)$/;
const MIGRATION = /\bmigrate\b|\bupgrade\s+head\b|\bdb\s+upgrade\b/;
const SHELL = /^(ba|da|a|z)?sh$/;

/** How the image says that it is run. */
export const RUNNING: readonly Property[] = [
  {
    id: 'output',
    title: 'output at once, tracebacks of crashes',
    hint: 'ENV PYTHONUNBUFFERED=1 PYTHONFAULTHANDLER=1',
    check: ({ config }) =>
      some(
        ['PYTHONUNBUFFERED', 'PYTHONFAULTHANDLER'].filter((name) => !config.env[name]),
        'not set: ',
      ),
  },
  {
    id: 'init',
    title: 'PID 1 reaps what others leave behind',
    hint: 'Begin the entry point with tini: ENTRYPOINT ["tini", "--"]; or run it with docker run --init.',
    check: ({ config }) =>
      INIT.test(posix.basename(config.entrypoint[0] ?? ''))
        ? undefined
        : `the entry point is ${JSON.stringify(config.entrypoint)}`,
  },
  {
    id: 'exec-form',
    title: 'signals reach the process',
    hint: 'Write CMD as a JSON list: a shell as PID 1 does not pass SIGTERM on, so each stop takes ten seconds.',
    check({ config }) {
      const [program = '', option] = config.entrypoint.length > 0 ? config.entrypoint : config.command;
      return SHELL.test(posix.basename(program)) && option === '-c' ? 'it is started by a shell' : undefined;
    },
  },
  {
    id: 'health-check',
    title: 'whoever serves a port says whether it is well',
    hint: 'Add a HEALTHCHECK in Python, which needs no curl in the image.',
    check: ({ config }) =>
      config.ports.length > 0 && (config.healthCheck.length === 0 || config.healthCheck[0] === 'NONE')
        ? `port ${config.ports[0]} has no health check`
        : undefined,
  },
  {
    id: 'no-migration',
    title: 'no database migration at start',
    hint: 'Make it a process of its own that the deployment runs once: with several replicas they race.',
    check: ({ config }) =>
      MIGRATION.test([...config.entrypoint, ...config.command].join(' '))
        ? 'the start command migrates a database'
        : undefined,
  },
];
