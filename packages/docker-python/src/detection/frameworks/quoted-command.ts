import { quoteArgv, toArgv, type SimpleCommand, type Variables } from '../argv';
import { resolveOrigin } from '../python-source';
import type { Argv } from '../types';
import { applicationKind, isApplication } from './applications';
import { forContainer } from './container-command';
import { gunicornBind } from './gunicorn-settings';
import { programName, unwrap } from './launchers';
import { ownScripts } from './own-scripts';
import { projectFile } from './paths-in-image';
import { loopbackOption } from './loopback-option';
import { provision } from './programs';
import { scriptFacts } from './script-facts';
import { distributionOf, isKnownProgram, locateTarget, targetOf } from './served-target';
import { declaredFramework } from './declared-framework';
import type { Candidate, ProjectView } from './types';

/**
 * What a command that somebody wrote is worth. `asks`: it is certain that no other evidence gives the right answer, and
 * this is what the user can do.
 */
export type Judged = { readonly candidate: Candidate } | { readonly problem: string; readonly asks?: string };

export interface QuoteContext {
  /** File and place, workspace-relative. */
  readonly from: string;
  readonly variables: Variables;
  /** Where a Dockerfile puts files of the context. */
  readonly copies?: ReadonlyMap<string, string>;
  /** Whether whoever wrote the command expects a port to be open: a `web` line, an EXPOSE. */
  readonly serves?: boolean;
}

/** Programs that run several others; which of them belongs into the image cannot be told. */
const SUPERVISORS = new Set([
  'supervisord',
  'circusd',
  's6-svscan',
  'runsvdir',
  'multirun',
  'pm2',
  'pm2-runtime',
  'nginx',
  'apache2ctl',
  'httpd',
  'apachectl',
]);

const SEVERAL =
  'Write what each of them runs under "processes" in docker-python.json: { "web": ["gunicorn", "..."], "worker": ["celery", "..."] }.';

/** Words that make a command one for development. */
const DEVELOPMENT =
  /^(runserver|runserver_plus|--reload|--debug|debugpy|watchmedo|watchfiles|hupper|--auto-reload|-R)$/;

/** Programs that are a framework's own. */
const PROGRAM_FRAMEWORKS: Readonly<Record<string, string | undefined>> = Object.assign(
  Object.create(null) as object,
  {
    fastapi: 'fastapi',
    streamlit: 'streamlit',
    chainlit: 'chainlit',
    panel: 'panel',
    sanic: 'sanic',
    litestar: 'litestar',
    celery: 'celery',
    dramatiq: 'dramatiq',
    arq: 'arq',
    rq: 'rq',
    locust: 'locust',
  },
);

/** Judges one simple command: does what it names exist, and how is it written for a container? */
export function judgeCommand(view: ProjectView, command: SimpleCommand, context: QuoteContext): Judged {
  const unwrapped = unwrap(command, context.variables);
  if ('problem' in unwrapped) return unwrapped;
  const argv: string[] = [programName(unwrapped.argv[0]!), ...unwrapped.argv.slice(1)];
  if (SUPERVISORS.has(argv[0]!))
    return {
      problem: `${argv[0]} runs several programs, and an image of this plugin runs one program per process`,
      asks: SEVERAL,
    };
  if (
    argv.some((word) => DEVELOPMENT.test(word)) ||
    (argv.includes('flask') && argv.includes('run')) ||
    (argv[0] === 'fastapi' && argv[1] === 'dev')
  ) {
    return { problem: 'it starts a server for development' };
  }
  const script =
    /^python[\d.]*$/.test(argv[0]!) && /\/bin\/[\w-]+$/.test(argv[1] ?? '') ? programName(argv[1]!) : '';
  if (script !== '' && (ownScripts(view).includes(script) || view.declares(distributionOf(script))))
    argv.splice(0, 2, script);
  const prefix = wrapperLength(view, argv);
  const inner = argv.slice(prefix);
  const judged = judgeTarget(view, inner, context);
  if ('problem' in judged) return judged;
  const provided = provision(view, judged.program, context.from);
  if ('problem' in provided) return provided;
  const whole = [...argv.slice(0, prefix), ...judged.argv];
  const listening =
    withConfiguration(view, whole) ?? forContainer(whole, view.port, (standard) => view.portOr(standard));
  const port =
    listening.port ??
    (judged.port === undefined
      ? context.serves
        ? view.portOr(8000)
        : undefined
      : (view.port ?? judged.port));
  const framework = judged.framework ?? PROGRAM_FRAMEWORKS[judged.program] ?? declaredFramework(view);
  return {
    candidate: {
      command: toArgv({ env: unwrapped.env, argv: listening.command }),
      from: context.from,
      ...(port === undefined ? {} : { port }),
      ...(framework === undefined ? {} : { framework }),
      ...provided,
    },
  };
}

/** How many words in front belong to a program that only instruments another one, or to `python -m`. */
function wrapperLength(view: ProjectView, argv: Argv): number {
  if (['ddtrace-run', 'opentelemetry-instrument'].includes(argv[0]!)) return 1;
  if (argv[0] === 'newrelic-admin' && argv[1] === 'run-program') return 2;
  const module = /^python[\d.]*$/.test(argv[0]!) && argv[1] === '-m' ? argv[2] : undefined;
  return module !== undefined &&
    view.tree.locate(module) === undefined &&
    (isKnownProgram(module) || view.declares(module))
    ? 2
    : 0;
}

type JudgedTarget =
  | { readonly argv: Argv; readonly framework?: string; readonly port?: number; readonly program: string }
  | Extract<Judged, { problem: string }>;

function judgeTarget(view: ProjectView, argv: Argv, context: QuoteContext): JudgedTarget {
  const program = argv[0]!;
  const target = targetOf(argv);
  const words = argv.map((word, i) =>
    i > 0 && word.startsWith('/') ? (projectFile(view.tree, word, context.copies) ?? word) : word,
  );
  if (target === undefined) return { problem: `what "${quoteArgv(argv)}" starts cannot be told` };
  if (target.kind === 'file') {
    const file = projectFile(view.tree, target.path, context.copies);
    if (file === undefined) return { problem: `${target.path} does not exist` };
    words[target.at] = file;
    const script = scriptFacts(view, file);
    if (script.serves && script.loopback)
      return { problem: `${file} listens on an address that cannot be reached from outside of a container` };
    return { argv: words, program, ...(script.serves ? { port: script.port ?? view.portOr(8000) } : {}) };
  }
  if (target.kind === 'module') {
    const file = locateTarget(view, argv, target.module);
    const application = target.name?.replace(/\(.*$/, '');
    if (file === undefined) return { problem: `the module ${target.module} does not exist` };
    const name = target.name ?? 'application';
    const origin =
      resolveOrigin(view.tree, file, name, isApplication) ??
      (application === undefined
        ? undefined
        : resolveOrigin(view.tree, file, `${application}()`, isApplication));
    const framework = program === 'celery' ? 'celery' : origin && applicationKind(origin.path)?.framework;
    return {
      argv: words,
      program,
      ...(framework === undefined ? {} : { framework }),
      ...(/^python/.test(program) ? modulePort(view, file) : {}),
    };
  }
  const loopback = context.serves ? loopbackOption(view, argv) : undefined;
  if (loopback?.certain) return { argv: loopback.instead, program };
  if (loopback)
    return {
      problem: loopback.problem,
      asks: `Write the whole command into docker-python.json, and its port: "command": ${JSON.stringify(loopback.instead)}, "port": ${view.portOr(8000)}`,
    };
  return view.declares(distributionOf(program)) ||
    isKnownProgram(program) ||
    ownScripts(view).includes(program)
    ? { argv: words, program }
    : { problem: `${program} is neither a program of a declared package nor of the project` };
}

function modulePort(view: ProjectView, file: string): { port?: number } {
  const main = file.replace(/__init__\.py$/, '__main__.py');
  const script = scriptFacts(view, main);
  return script.serves ? { port: script.port ?? view.portOr(8000) } : {};
}

/** gunicorn that is told by a configuration file where to listen. */
function withConfiguration(view: ProjectView, argv: Argv): { command: Argv; port?: number } | undefined {
  const at = argv.indexOf('gunicorn');
  if (at === -1 || argv.some((word) => /^(-b|--bind)/.test(word))) return undefined;
  const option = argv.findIndex((word) => /^(-c|--config)$|^--config=/.test(word));
  const written =
    option === -1
      ? 'gunicorn.conf.py'
      : (/^--config=(.*)$/.exec(argv[option]!)?.[1] ?? argv[option + 1] ?? '');
  const module = /^python:(.+)$/.exec(written)?.[1];
  const path = module === undefined ? written.replace(/^(file:)?(\.\/)?/, '') : view.tree.locate(module);
  const bind = path === undefined ? undefined : gunicornBind(view, path);
  // Without a configuration of any kind, the general way of telling a server where to listen applies.
  if (bind === undefined && option === -1) return undefined;
  const moved =
    bind === undefined || (view.port !== undefined && bind.port !== undefined && bind.port !== view.port);
  const port = view.port ?? bind?.port ?? view.portOr(8000);
  const address = moved ? ['--bind', `0.0.0.0:${port}`] : [];
  return { command: [...argv.slice(0, at + 1), ...address, ...argv.slice(at + 1)], port };
}
