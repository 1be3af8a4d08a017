import { resolveOrigin } from '../python-source';
import { forContainer } from './container-command';
import { scriptFacts } from './script-facts';
import { entryFiles, otherFiles } from './search';
import type { Candidate, EntryFile, Framework, ProjectView } from './types';

/** arq worker settings, a lone locustfile, a gRPC server: programs with an entry point that is none of the web's. */
export const workersAndServices: Framework = {
  name: 'worker settings, locustfile or gRPC server',
  looksFor: 'arq worker settings, a locustfile, a gRPC server',
  candidates: (view) => first(view, [arq, locust, grpc]),
};

/** Task queues whose object is all that the project has. */
export const taskQueues: Framework = {
  name: 'task queue',
  looksFor: 'a Celery, Dramatiq, Taskiq, Huey or RQ worker',
  candidates: (view) => (servesWeb(view) ? [] : first(view, [queueObject, rq])),
};

function first(
  view: ProjectView,
  searches: readonly ((view: ProjectView) => readonly Candidate[])[],
): readonly Candidate[] {
  for (const search of searches) {
    const found = search(view);
    if (found.length > 0) return found;
  }
  return [];
}

function arq(view: ProjectView): readonly Candidate[] {
  if (!view.declares('arq') || servesWeb(view)) return [];
  return eachFile(view, /WorkerSettings/, (file, module) => {
    const settings = view.tree.facts(file.path)?.classes.find(({ name }) => name === 'WorkerSettings');
    return (
      settings && {
        command: ['arq', `${module}.WorkerSettings`],
        framework: 'arq',
        process: 'worker',
        from: at(view, file, settings.line),
      }
    );
  });
}

function locust(view: ProjectView): readonly Candidate[] {
  if (
    !view.tree.exists('locustfile.py') ||
    !view.declares('locust') ||
    view.pythonFiles.some(({ depth }) => depth === 0)
  )
    return [];
  const { command, port } = forContainer(['locust', '--locustfile', 'locustfile.py'], view.port, (standard) =>
    view.portOr(standard),
  );
  return [
    {
      command,
      ...(port === undefined ? {} : { port }),
      framework: 'locust',
      from: view.tree.label('locustfile.py'),
    },
  ];
}

/** A script with a main guard that makes a gRPC server. */
function grpc(view: ProjectView): readonly Candidate[] {
  if (!view.declares('grpcio') || servesWeb(view)) return [];
  return eachFile(view, /\bgrpc\b/, (file) => {
    const facts = view.tree.facts(file.path);
    const values = [
      ...(facts?.assignments ?? []),
      ...(facts?.functions ?? []).flatMap((func) => func.assignments),
    ];
    const server = values.find(
      ({ value }) =>
        value.path !== undefined &&
        /^grpc(\.aio)?\.server\(\)$/.test(
          resolveOrigin(view.tree, file.path, value.path, () => true)?.path ?? value.path,
        ),
    );
    if (!facts?.mainGuard || !server) return undefined;
    const port = view.port ?? scriptFacts(view, file.path).port ?? view.portOr(50051);
    return {
      command: ['python', file.path],
      port,
      framework: 'grpc',
      process: 'web',
      from: at(view, file, server.line),
    };
  });
}

/** Canonical call of a queue's object, and the command of its worker. */
const QUEUES: readonly {
  readonly distribution: string;
  readonly calls: RegExp;
  readonly command: (module: string, name: string) => string[];
}[] = [
  {
    distribution: 'celery',
    calls: /^celery\.(app\.)?Celery\(\)$/,
    command: (module, name) => ['celery', '--app', `${module}:${name}`, 'worker', '--loglevel', 'INFO'],
  },
  {
    distribution: 'taskiq',
    calls: /^taskiq(_[\w.]+)?\.\w*Broker\(\)$/,
    command: (module, name) => ['taskiq', 'worker', `${module}:${name}`],
  },
  {
    distribution: 'dramatiq',
    calls: /^dramatiq\.brokers\.\w+\.\w+Broker\(\)$/,
    command: (module) => ['dramatiq', module],
  },
  {
    distribution: 'huey',
    calls: /^huey\.\w*Huey\(\)$/,
    command: (module, name) => ['huey_consumer', `${module}.${name}`],
  },
  {
    distribution: 'faust-streaming',
    calls: /^faust\.App\(\)$/,
    command: (module, name) => ['faust', '--app', `${module}:${name}`, 'worker', '--loglevel', 'info'],
  },
];

function queueObject(view: ProjectView): readonly Candidate[] {
  const declared = QUEUES.filter(({ distribution }) => view.declares(distribution));
  if (declared.length === 0) return [];
  return eachFile(view, /celery|taskiq|dramatiq|huey|faust/i, (file, module) => {
    for (const { name, value, line } of view.tree.facts(file.path)?.assignments ?? []) {
      const made = value.path?.endsWith('()')
        ? resolveOrigin(view.tree, file.path, value.path, () => true)?.path
        : undefined;
      const queue =
        made === undefined || name.includes('.') ? undefined : declared.find(({ calls }) => calls.test(made));
      if (queue)
        return {
          command: queue.command(module, name),
          framework: queue.distribution.replace('-streaming', ''),
          process: 'worker',
          from: at(view, file, line),
        };
    }
    return undefined;
  });
}

/** RQ needs no object of the project: a lone dependency on it and no other program is all there is to see. */
function rq(view: ProjectView): readonly Candidate[] {
  if (!view.declares('rq') || view.pythonFiles.some(({ path }) => view.tree.facts(path)?.mainGuard))
    return [];
  const file = view.pythonFiles.find(({ path }) =>
    [...(view.tree.facts(path)?.imports.values() ?? [])].some(
      ({ module }) => module === 'rq' || module.startsWith('rq.'),
    ),
  );
  return file
    ? [{ command: ['rq', 'worker'], framework: 'rq', process: 'worker', from: view.tree.label(file.path) }]
    : [];
}

/** A project that also is a web service: its worker is a further process, not what the image starts by itself. */
function servesWeb(view: ProjectView): boolean {
  return ['fastapi', 'flask', 'django', 'starlette', 'litestar', 'sanic', 'quart', 'aiohttp'].some((name) =>
    view.declares(name),
  );
}

function eachFile(
  view: ProjectView,
  mentions: RegExp,
  find: (file: EntryFile, module: string) => Candidate | undefined,
): readonly Candidate[] {
  for (const file of [...entryFiles(view), ...otherFiles(view)]) {
    const module = view.tree.moduleOf(file.path)?.name;
    const found =
      module !== undefined && mentions.test(view.tree.read(file.path) ?? '') ? find(file, module) : undefined;
    if (found) return [found];
  }
  return [];
}

function at(view: ProjectView, { path }: EntryFile, line: number): string {
  return `${view.tree.label(path)}:${line}`;
}
