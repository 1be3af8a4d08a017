import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import type { Task } from '@nx/devkit';
import { readEnvFile } from '../detection/env-file';
import type { Environment } from '../reference/ci-systems';
import { readIfPresent } from './files';

/** Variables of the task that runs here, where they are others than those of the process. */
const own = new AsyncLocalStorage<NodeJS.ProcessEnv>();

/** Files that Nx has read for the whole run. */
const OF_ALL = ['.env.local', '.local.env', '.env'] as const;

/**
 * What a task of a batch has to see: Nx gives a process of its own the variables in the `.env` files of its project and
 * target, and computes the hash of a task with them, but a batch is one process and gets none of them.
 *
 * @param env that of the process
 * @returns undefined where it is the same
 */
export function taskEnvironment(
  workspaceRoot: string,
  task: Task,
  env: Environment,
): Environment | undefined {
  if (env['NX_LOAD_DOT_ENV_FILES'] === 'false') return undefined;
  const read = (path: string): [string, string][] =>
    readEnvFile(readIfPresent(join(workspaceRoot, path)) ?? '');
  const found = filesOf(task).flatMap(read);
  if (found.length === 0) return undefined;
  // What the process has of the files of the whole run gives way to the files of the task.
  const general = OF_ALL.flatMap(read);
  const result: Record<string, string | undefined> = Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => !general.some(([other, text]) => other === name && expanded(text, env) === value),
    ),
  );
  const added = found.filter(([name]) => result[name] === undefined).reverse();
  Object.assign(result, Object.fromEntries(added));
  for (const [name] of added) result[name] = expanded(result[name]!, result);
  return result;
}

/** The first one that has a variable counts. Source: Nx, "Define environment variables". */
function filesOf({ target: { target, configuration }, projectRoot = '.' }: Task): readonly string[] {
  const names =
    configuration === undefined ? [target] : [`${target}.${configuration}`, configuration, target];
  const files = [
    ...names.flatMap((name) => [`.env.${name}.local`, `.env.${name}`, `.${name}.local.env`, `.${name}.env`]),
    ...OF_ALL,
  ];
  return [...files.map((file) => join(projectRoot, file)), ...files];
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`. Source: the documentation of dotenv-expand. */
function expanded(text: string, env: Environment): string {
  return text
    .replaceAll(
      /(?<!\\)\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/g,
      (_, braced: string | undefined, otherwise: string | undefined, bare: string | undefined) =>
        env[braced ?? bare ?? ''] ?? otherwise ?? '',
    )
    .replaceAll('\\$', '$');
}

/** Does work that sees these variables in `process.env`, and so do the processes that it starts. */
export function withEnvironment<T>(env: Environment | undefined, work: () => Promise<T>): Promise<T> {
  if (env === undefined) return work();
  if (Object.getOwnPropertyDescriptor(process, 'env')?.get === undefined) divide();
  return own.run({ ...env }, work);
}

/** From now on each piece of work has its own variables; what has none has those of the process. */
function divide(): void {
  let ofProcess = process.env;
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => own.getStore() ?? ofProcess,
    set: (env: NodeJS.ProcessEnv) => void (ofProcess = env),
  });
}
