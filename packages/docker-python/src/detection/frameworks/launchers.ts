import { parseShellLine, type SimpleCommand, type Variables } from '../argv';
import { posix } from 'node:path';

/** A command without what an image does not need in front of it. */
export type Unwrapped = SimpleCommand | { readonly problem: string };

/** Programs that start another one: options that take a value, and how many plain words come before the command. */
const LAUNCHERS: Readonly<
  Record<string, { readonly values?: string; readonly words?: number; readonly sub?: string }>
> = {
  uv: {
    sub: 'run',
    values:
      '--with --extra --group --no-group --only-group --package --project --directory --env-file --python -p --index --index-url',
  },
  poetry: { sub: 'run', values: '-C --directory -P --project' },
  pdm: { sub: 'run', values: '-p --project' },
  pipenv: { sub: 'run' },
  rye: { sub: 'run' },
  hatch: { sub: 'run' },
  tini: { values: '-p' },
  'dumb-init': { values: '-r --rewrite' },
  catatonit: {},
  gosu: { words: 1 },
  'su-exec': { words: 1 },
  exec: {},
  env: {},
  nice: { values: '-n' },
  time: {},
  setpriv: { values: '' },
};

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
const MAX_LAYERS = 8;

/** Takes environment managers, init programs and nested shells off a command: the image has its own. */
export function unwrap(command: SimpleCommand, variables: Variables): Unwrapped {
  let { env, argv } = command;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const program = programName(argv[0] ?? '');
    const launcher = Object.hasOwn(LAUNCHERS, program) ? LAUNCHERS[program] : undefined;
    if (/^(ba|da|a|z)?sh$/.test(program) && /^-[a-z]*c[a-z]*$/.test(argv[1] ?? '') && argv[2] !== undefined) {
      const inner = parseShellLine(argv[2], variables);
      if ('problem' in inner) return inner;
      if (inner.commands.length !== 1) return { problem: 'it joins several commands' };
      env = [...env, ...inner.commands[0]!.env];
      argv = inner.commands[0]!.argv;
    } else if (launcher) {
      let at = 1;
      if (launcher.sub !== undefined) {
        const sub = argv.indexOf(launcher.sub);
        if (sub === -1) return { env, argv };
        at = sub + 1;
      }
      const values = (launcher.values ?? '').split(' ');
      for (; at < argv.length && argv[at]!.startsWith('-') && argv[at] !== '-m' && argv[at] !== '--'; at++) {
        if (values.includes(argv[at]!)) at++;
      }
      const module = argv[at] === '-m' || argv[at] === '--module';
      if (argv[at] === '--') at++;
      at += launcher.words ?? 0;
      for (
        let match = ASSIGNMENT.exec(argv[at] ?? '');
        match && program === 'env';
        match = ASSIGNMENT.exec(argv[++at] ?? '')
      ) {
        env = [...env, [match[1]!, match[2]!]];
      }
      argv = module ? ['python', '-m', ...argv.slice(at + 1)] : argv.slice(at);
      // `uv run main.py` runs a script with Python.
      if (program === 'uv' && argv[0]?.endsWith('.py')) argv = ['python', ...argv];
    } else break;
  }
  return argv.length === 0 ? { problem: 'it is empty' } : { env, argv };
}

/** The name of a program without folders of environments and of the system: `/app/.venv/bin/gunicorn` is `gunicorn`. */
export function programName(program: string): string {
  return /^(\/|\.?[\w.-]*env\/|\$)/.test(program) && /\/s?bin\/[^/]+$/.test(program)
    ? posix.basename(program)
    : /^\/(tini|dumb-init)$/.test(program)
      ? program.slice(1)
      : program;
}
