import { availableParallelism } from 'node:os';
import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { dockerEngine } from '../../engine/docker';
import { processRunner, type ProcessRunner } from '../../engine/process';
import { formatError } from '../../errors';
import { briefEngine } from '../registry-engine';
import { inOrder } from './in-order';
import type { DockerBuildOptions } from './options';
import { runBuild } from './run-build';

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

/** BuildKit runs the steps of all builds together; more than this only makes clients wait. */
const MOST_AT_ONCE = 8;

/**
 * Builds the images of many projects in one process, several at a time on one builder, which makes what they share
 * once. Each has its own output and its own result; one that fails stops none of the others.
 */
export default function dockerBuildBatch(
  taskGraph: TaskGraph,
  inputs: Readonly<Record<string, DockerBuildOptions>>,
  _overrides: DockerBuildOptions,
  context: ExecutorContext,
): AsyncGenerator<TaskResult> {
  const start = processRunner();
  const atOnce = Math.min(MOST_AT_ONCE, Math.max(2, availableParallelism()));
  return inOrder(Object.keys(taskGraph.tasks), dependenciesOf(taskGraph), atOnce, (task) =>
    buildOne(start, task, inputs[task] ?? {}, { ...context, ...targetOf(taskGraph, task) }),
  );
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

async function buildOne(
  start: ProcessRunner,
  task: string,
  options: DockerBuildOptions,
  context: ExecutorContext,
): Promise<TaskResult> {
  const startTime = Date.now();
  const said: string[] = [];
  const finish = (success: boolean): TaskResult => ({
    task,
    result: { success, terminalOutput: `${said.join('\n')}\n`, startTime, endTime: Date.now() },
  });
  try {
    said.push(await runBuild(briefEngine(dockerEngine(keeping(start, said), false)), options, context));
    return finish(true);
  } catch (error) {
    said.push(formatError(error));
    return finish(false);
  }
}

/** Output that would go to the terminal is kept instead, so that those of several builds do not mix. */
function keeping(start: ProcessRunner, said: string[]): ProcessRunner {
  return async (program, argv, options) => {
    const result = await start(program, argv, { ...options, output: 'capture' });
    if (options.output !== 'capture') said.push(result.stderr, result.stdout);
    return result;
  };
}
