import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { isLoopback } from '../../engine/distribution/address';
import { dockerEngine } from '../../engine/docker';
import { runUndisturbed } from '../../engine/process';
import type { Container } from '../../engine/types';
import { sayBeside } from '../../engine/words';
import { DockerPythonError } from '../../errors';
import { healthPath } from '../../plan/health';
import type { PlannedProcess } from '../../plan/processes';
import { readOptionSettings } from '../../settings/resolve';
import { STOP_TIMEOUT } from '../../settings/running';
import { seconds } from '../../settings/values';
import { readEnvFile } from '../../detection/env-file';
import { get } from '../../smoke/probe';
import { ownerLabels } from '../../smoke/stale';
import { testedProcesses } from '../../smoke/spec';
import { interruptible, type Interruption } from '../interruption';
import { removeStale, thisProcess } from '../owner';
import { presentImage } from '../present-image';
import { readProject, report, type ProjectInQuestion } from '../project';
import { briefEngine } from '../registry-engine';
import { runSpecOf } from './run-spec';

export interface DockerRunOptions {
  readonly process?: string;
  readonly port?: number;
  readonly env?: readonly string[];
  readonly envFile?: string;
}

/** Runs the image of a project for development, until the user or Nx stops it. */
export default function dockerRun(
  options: DockerRunOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(() => interruptible((interruption) => run(options, context, interruption)));
}

async function run(
  options: DockerRunOptions,
  context: ExecutorContext,
  interruption: Interruption,
): Promise<void> {
  const project = readProject(context, readOptionSettings({}, 'the options of this run'));
  const { settings } = project.design.settings;
  const image = await presentImage(briefEngine(), project, context);
  const engine = dockerEngine(runUndisturbed);
  await removeStale(engine, thisProcess());
  const stage = project.design.plan.stages.find(({ name }) => name === 'processes');
  const processes = stage?.name === 'processes' ? stage.processes : [];
  const [chosen] = testedProcesses(processes, settings, options.process);
  const container = await engine.run(
    runSpecOf({
      reference: image.reference,
      process: chosen!,
      all: processes,
      writable: stage?.name === 'processes' ? stage.writable : [],
      env: environmentOf(project, options),
      ...(options.port === undefined ? {} : { hostPort: options.port }),
      labels: ownerLabels(thisProcess(), project.name),
    }),
  );
  warnOfPublication(project.name, Object.values(container.addresses));
  const stopSeconds = seconds(settings.stopTimeout ?? STOP_TIMEOUT);
  try {
    const ended = container.follow();
    await Promise.race([
      ended,
      interruption.happened,
      announce(project.name, chosen!, container, interruption).then(() => ended),
    ]);
    const { running, exitCode, oomKilled } = await container.state();
    if (!running && exitCode !== 0) throw stopped(project.name, exitCode, oomKilled);
    await container.stop(stopSeconds);
  } finally {
    await container.remove();
  }
}

/** What is meant for whoever develops is shown to all that reach the machine of an engine elsewhere. */
function warnOfPublication(name: string, addresses: readonly string[]): void {
  for (const address of addresses.filter((one) => !isLoopback(one)))
    sayBeside(
      `${name}: DOCKER_HOST names an engine of another host, so that its port is published on all interfaces there: ${address}`,
    );
}

const POLL_MS = 200;

/** The line that others wait for (`readyWhen` of its target), as soon as the process answers; at once if it serves nothing. */
async function announce(
  name: string,
  { port, health }: PlannedProcess,
  container: Container,
  { pause }: Interruption,
): Promise<void> {
  const address = port === undefined ? undefined : container.addresses[port];
  if (address === undefined) {
    process.stdout.write(`${name}: ready\n`);
    return;
  }
  const url = `http://${address}${healthPath(health) ?? '/'}`;
  while ((await get(url, 1000)) === undefined) {
    if (!(await container.state()).running) return;
    await pause(POLL_MS).catch(() => undefined);
  }
  process.stdout.write(`${name}: ready on http://${address}\n`);
}

/** The file, then the options of this run. Values never reach an argument of another process. */
function environmentOf(
  project: ProjectInQuestion,
  { env = [], envFile }: DockerRunOptions,
): Record<string, string> {
  const path = join(project.workspaceRoot, project.root, envFile ?? '.env');
  if (envFile !== undefined && !existsSync(path)) {
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `There is no ${project.root}/${envFile}.`,
      hint: 'The path is relative to the project.',
    });
  }
  const file = existsSync(path) ? readEnvFile(readFileSync(path, 'utf8')) : [];
  const given = env.map((pair): [string, string] => {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/s.exec(pair) ?? [];
    if (name !== undefined) return [name, value ?? process.env[name] ?? ''];
    throw new DockerPythonError({
      code: 'INVALID_SETTINGS',
      message: `The environment variable ${JSON.stringify(pair)} is not of the form NAME=value.`,
      hint: 'Write --env=NAME=value, once for each variable.',
    });
  });
  return Object.fromEntries([...file, ...given]);
}

function stopped(name: string, exitCode: number, oomKilled: boolean): DockerPythonError {
  return new DockerPythonError({
    code: 'PROCESS_ENDED',
    message: `${name} ended with exit code ${exitCode}${oomKilled ? ', out of memory' : ''}.`,
    hint: 'Its output is above; nx smoke-test says whose fault it is.',
  });
}
