import { availableParallelism } from 'node:os';
import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { keepingWords } from '../engine/words';
import { inOrder } from './in-order';
import { taskEnvironment, withEnvironment } from './task-environment';

/** What Nx wants to know of a task of a batch. Structure: `BatchExecutorTaskResult` of `@nx/devkit`. */
export interface TaskResult {
  readonly task: string;
  readonly result: {
    readonly success: boolean;
    readonly terminalOutput: string;
    readonly startTime: number;
    readonly endTime: number;
  };
}

type Executor<O> = (options: O, context: ExecutorContext) => Promise<{ success: boolean }>;

/** What Nx calls to run many tasks of one executor in one process. */
export type Batch<O> = (
  taskGraph: TaskGraph,
  inputs: Readonly<Record<string, O>>,
  overrides: O,
  context: ExecutorContext,
) => AsyncGenerator<TaskResult>;

/** Of Nx: as many tasks run at a time where nobody says otherwise, on a machine of one processor too. */
const DEFAULT_PARALLEL = 3;

/**
 * An executor for many tasks in one process, several at a time. Each has its own variables, its own output and its own
 * result; one that fails stops none of the others.
 *
 * Nx uses it where `--batch` says so. `preferBatch` in executors.json is no help: builds end one by one, and while a
 * batch of what follows some of them runs, Nx starts nothing else. Eight services that all changed took half as long again.
 *
 * @param mostAtOnce how many of them at a time make sense at all; fewer where the machine has fewer processors, but never less than Nx would run
 */
export function batchOf<O>(run: Executor<O>, mostAtOnce: number): Batch<O> {
  const atOnce = Math.min(mostAtOnce, Math.max(DEFAULT_PARALLEL, availableParallelism()));
  return (taskGraph, inputs, _overrides, context) =>
    inOrder(Object.keys(taskGraph.tasks), dependenciesOf(taskGraph), atOnce, async (task) => {
      const startTime = Date.now();
      const env = taskEnvironment(context.root, taskGraph.tasks[task]!, process.env);
      const { value, words } = await keepingWords(() =>
        withEnvironment(env, () => run(inputs[task]!, { ...context, ...targetOf(taskGraph, task) })),
      );
      return {
        task,
        result: { ...value, terminalOutput: `${words}\n`, startTime, endTime: Date.now() },
      };
    });
}

/** Task ids by task id; up to Nx 23 an edge is the id itself. */
function dependenciesOf({ dependencies }: TaskGraph): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(dependencies).map(([task, edges]) => [
      task,
      (edges as readonly (string | { readonly id: string })[]).map((edge) =>
        typeof edge === 'string' ? edge : edge.id,
      ),
    ]),
  );
}

function targetOf(taskGraph: TaskGraph, task: string): Partial<ExecutorContext> {
  const { project, target, configuration } = taskGraph.tasks[task]!.target;
  return {
    projectName: project,
    targetName: target,
    ...(configuration === undefined ? {} : { configurationName: configuration }),
  };
}
