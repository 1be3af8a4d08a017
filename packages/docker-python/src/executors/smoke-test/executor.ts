import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { PresentImage } from '../../build/ensure-image';
import { diskFiles } from '../../detection/files';
import { dockerEngine } from '../../engine/docker';
import { runUndisturbed } from '../../engine/process';
import { DockerPythonError } from '../../errors';
import { smokeTest } from '../../smoke/attempts';
import { readEnvFile } from '../../detection/env-file';
import { sampleValues } from '../../smoke/env-samples';
import { failure, passedLine } from '../../smoke/report';
import { smokeSettings, smokeSpec, testedProcesses } from '../../smoke/spec';
import { ownerLabels } from '../../smoke/stale';
import type { SmokeTestSettings } from '../../settings/running';
import { readOptionSettings } from '../../settings/resolve';
import { interruptible, type Interruption } from '../interruption';
import { removeStale, thisProcess } from '../owner';
import { presentImage } from '../present-image';
import { readProject, report, type ProjectInQuestion } from '../project';
import { withServices } from './services';
import { findScript, runScript } from './script';

export interface SmokeTestOptions {
  /** The one process to test, instead of the default one and those that ask for it. */
  readonly process?: string;
}

/** Starts the image of a project the way production would, and says what is wrong with it. */
export default function smokeTestExecutor(
  options: SmokeTestOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(() => interruptible((interruption) => test(options, context, interruption)));
}

async function test(
  options: SmokeTestOptions,
  context: ExecutorContext,
  interruption: Interruption,
): Promise<void> {
  const project = readProject(context, readOptionSettings({}, 'the options of this run'));
  const { settings } = project.design.settings;
  const off = switchedOff(settings.smokeTest);
  if (off !== undefined) {
    process.stdout.write(`\n${project.name}: not tested, ${off}\n`);
    return;
  }
  // The build ends with Ctrl-C as docker-build does; what runs after it is taken down first.
  const image = await presentImage(dockerEngine(), project, context);
  const script = findScript(project);
  if (script !== undefined) return runScript(script, image.reference, project);
  const engine = dockerEngine(runUndisturbed);
  await removeStale(engine, thisProcess());
  const stage = project.design.plan.stages.find(({ name }) => name === 'processes');
  const processes = stage?.name === 'processes' ? stage.processes : [];
  for (const tested of testedProcesses(processes, settings, options.process)) {
    const chosen = smokeSettings(settings, tested.name);
    if (chosen === false) continue;
    const base = smokeSpec(
      tested,
      processes,
      chosen,
      settings,
      stage?.name === 'processes' ? stage.writable : [],
      envFile(project, chosen),
    );
    await withServices(chosen.compose, project, async (network) => {
      const began = performance.now();
      const spec = network === undefined ? base : { ...base, network };
      const config = await engine.config(image.reference);
      const attempt = await smokeTest(
        {
          engine,
          reference: image.reference,
          image: config ?? goneMeanwhile(image),
          spec,
          labels: ownerLabels(thisProcess(), project.name, spec.timeoutMs / 1000 + spec.stopSeconds),
          pause: interruption.pause,
        },
        sampleValues(diskFiles(context.root), project.root),
      );
      const failed = failure(spec, attempt);
      if (failed) throw failed;
      process.stdout.write(
        `\n${passedLine(project.name, spec, attempt, (performance.now() - began) / 1000)}\n`,
      );
    });
  }
}

/** Words for why there is no test; undefined if there is one. */
function switchedOff(setting: SmokeTestSettings | false | undefined): string | undefined {
  if (/^(false|0|off)$/i.test(process.env['DOCKER_PYTHON_SMOKE_TEST'] ?? ''))
    return 'DOCKER_PYTHON_SMOKE_TEST switches it off';
  return setting === false ? '"smokeTest": false in its settings' : undefined;
}

function envFile(project: ProjectInQuestion, { envFile: file }: SmokeTestSettings): Record<string, string> {
  if (file === undefined) return {};
  const path = join(project.workspaceRoot, project.root, file);
  if (existsSync(path)) return Object.fromEntries(readEnvFile(readFileSync(path, 'utf8')));
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"smokeTest.envFile" is ${JSON.stringify(file)}, but ${project.root}/${file} is not there.`,
    hint: 'The path is relative to the project.',
  });
}

function goneMeanwhile({ reference }: PresentImage): never {
  throw new DockerPythonError({
    code: 'ENGINE_FAILED',
    message: `The image ${reference} went away while it was about to be tested.`,
    hint: 'Something removed it (docker image prune?). Run the smoke test again.',
  });
}
