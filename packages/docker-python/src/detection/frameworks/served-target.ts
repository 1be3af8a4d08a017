import { joinInside } from '../files';
import type { Argv } from '../types';
import type { ProjectView } from './types';

/** What a command starts, as far as its words say. */
export type Target =
  | { readonly kind: 'module'; readonly module: string; readonly name?: string; readonly at: number }
  | { readonly kind: 'file'; readonly path: string; readonly at: number }
  | { readonly kind: 'program' };

/** How a program says what it runs: a module with an object, an option's value, or a file after a subcommand. */
type Style = { readonly module: 'object' | readonly string[] } | { readonly file: readonly string[] };

/** Programs of Python packages that run code of the project. */
const STYLES: Readonly<Record<string, Style>> = {
  gunicorn: { module: 'object' },
  uvicorn: { module: 'object' },
  hypercorn: { module: 'object' },
  granian: { module: 'object' },
  daphne: { module: 'object' },
  'waitress-serve': { module: 'object' },
  sanic: { module: 'object' },
  uwsgi: { module: ['--module', '-w'] },
  flask: { module: ['--app', '-A'] },
  litestar: { module: ['--app'] },
  celery: { module: ['--app', '-A'] },
  faust: { module: ['--app', '-A'] },
  dramatiq: { module: 'object' },
  taskiq: { module: 'object' },
  arq: { module: 'object' },
  saq: { module: 'object' },
  huey_consumer: { module: 'object' },
  'huey_consumer.py': { module: 'object' },
  streamlit: { file: ['run'] },
  fastapi: { file: ['run'] },
  chainlit: { file: ['run'] },
  panel: { file: ['serve'] },
  bokeh: { file: ['serve'] },
  shiny: { file: ['run'] },
  solara: { file: ['run'] },
  marimo: { file: ['run'] },
  locust: { file: [] },
  mcp: { file: ['run'] },
  fastmcp: { file: ['run'] },
};

/** Programs whose code is in the package of another name. */
const PROGRAM_DISTRIBUTIONS: Readonly<Record<string, string>> = {
  'waitress-serve': 'waitress',
  huey_consumer: 'huey',
  'huey_consumer.py': 'huey',
  'ddtrace-run': 'ddtrace',
  'newrelic-admin': 'newrelic',
  'opentelemetry-instrument': 'opentelemetry-distro',
  rq: 'rq',
  rqworker: 'rq',
  airflow: 'apache-airflow',
  scrapyd: 'scrapyd',
};

const OBJECT = /^[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.\w+)*(\([^()]*\))?$/u;
const DOTTED = /^[^\W\d]\w*(\.[^\W\d]\w*)*$/u;

/** Whether a program is one that runs code of the project in a way that we understand. */
export function isKnownProgram(program: string): boolean {
  return Object.hasOwn(STYLES, program) || /^python[\d.]*$/.test(program);
}

/** The distribution that brings a program. */
export function distributionOf(program: string): string {
  return Object.hasOwn(PROGRAM_DISTRIBUTIONS, program) ? PROGRAM_DISTRIBUTIONS[program]! : program;
}

/** Finds what a command starts. Undefined: a known program without anything to start. */
export function targetOf(argv: Argv): Target | undefined {
  const program = argv[0] ?? '';
  if (/^python[\d.]*$/.test(program)) return pythonTarget(argv);
  const style = Object.hasOwn(STYLES, program) ? STYLES[program]! : undefined;
  if (!style) return { kind: 'program' };
  if ('file' in style) {
    const start = style.file.length === 0 ? 1 : argv.findIndex((word) => style.file.includes(word)) + 1;
    const at = start === 0 ? -1 : argv.findIndex((word, i) => i >= start && /\.(py|ipynb)$/.test(word));
    return at === -1
      ? program === 'fastapi' || program === 'locust'
        ? { kind: 'program' }
        : undefined
      : { kind: 'file', path: argv[at]!, at };
  }
  return style.module === 'object' ? objectTarget(argv) : optionTarget(argv, style.module);
}

function pythonTarget(argv: Argv): Target | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-c' || word === '-') return undefined;
    if (word === '-m')
      return argv[at + 1] === undefined ? undefined : { kind: 'module', module: argv[at + 1]!, at: at + 1 };
    if (word === '-W' || word === '-X') at++;
    else if (!word.startsWith('-')) return { kind: 'file', path: word, at };
  }
  return undefined;
}

function objectTarget(argv: Argv): Target | undefined {
  const precise = argv.findIndex(
    (word, i) =>
      i > 0 && OBJECT.test(word) && !/^(-k|--worker-class|--logger-class|-c|--config)$/.test(argv[i - 1]!),
  );
  if (precise !== -1) {
    const [module, name] = argv[precise]!.split(':') as [string, string];
    return { kind: 'module', module, name, at: precise };
  }
  const at = argv.findIndex(
    (word, i) =>
      i > 0 &&
      DOTTED.test(word) &&
      (!argv[i - 1]!.startsWith('-') || i === argv.length - 1) &&
      !/^(worker|run|serve)$/.test(word),
  );
  return at === -1 ? undefined : { kind: 'module', module: argv[at]!, at };
}

function optionTarget(argv: Argv, options: readonly string[]): Target | undefined {
  for (const option of options) {
    const at = argv.findIndex((word) => word === option || word.startsWith(`${option}=`));
    const value =
      at === -1 ? undefined : argv[at]!.includes('=') ? argv[at]!.slice(option.length + 1) : argv[at + 1];
    if (value === undefined) continue;
    const [module, name] = value.replace(/\.py$/, '').split(':') as [string, string | undefined];
    return {
      kind: 'module',
      module: module.replaceAll('/', '.'),
      ...(name === undefined ? {} : { name }),
      at,
    };
  }
  return { kind: 'program' };
}

/** The file of a module that a command names; `--chdir` and the like are looked at first. */
export function locateTarget(view: ProjectView, argv: Argv, module: string): string | undefined {
  for (const option of ['--chdir', '--app-dir', '--workdir', '--working-dir', '--pythonpath']) {
    const at = argv.findIndex((word) => word === option || word.startsWith(`${option}=`));
    const folder =
      at === -1 ? undefined : argv[at]!.includes('=') ? argv[at]!.slice(option.length + 1) : argv[at + 1];
    for (const path of folder === undefined
      ? []
      : [`${module.replaceAll('.', '/')}.py`, `${module.replaceAll('.', '/')}/__init__.py`]) {
      const full = joinInside(folder!, path);
      if (full !== undefined && view.tree.exists(full)) return full;
    }
  }
  return view.tree.locate(module) ?? nestedObject(view, module);
}

/** `celery -A shop.celery_app.app` names an object of a module. */
function nestedObject(view: ProjectView, module: string): string | undefined {
  const dot = module.lastIndexOf('.');
  return dot > 0 ? view.tree.locate(module.slice(0, dot)) : undefined;
}
