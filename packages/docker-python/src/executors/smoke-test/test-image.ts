import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvFile } from '../../detection/env-file';
import { diskFiles } from '../../detection/files';
import { dockerEngine } from '../../engine/docker';
import { runUndisturbed } from '../../engine/process';
import { DockerPythonError } from '../../errors';
import { say } from '../../engine/words';
import type { SmokeTestSettings } from '../../settings/running';
import { smokeTest } from '../../smoke/attempts';
import { sampleValues } from '../../smoke/env-samples';
import { failure, passedLine } from '../../smoke/report';
import { smokeSettings, smokeSpec, testedProcesses } from '../../smoke/spec';
import { ownerLabels } from '../../smoke/stale';
import type { Interruption } from '../interruption';
import { removeStale, thisProcess } from '../owner';
import type { ProjectInQuestion } from '../project';
import { findScript, runScript } from './script';
import { withServices } from './services';

/**
 * Tests an image that is in the engine: by the project's script, or process by process.
 *
 * @param only the one process to test, instead of the default one and those that ask for it
 * @throws DockerPythonError where it does not pass
 */
export async function testImage(
  reference: string,
  project: ProjectInQuestion,
  interruption: Interruption,
  only?: string,
): Promise<void> {
  const script = findScript(project);
  if (script !== undefined) return runScript(script, reference, project);
  const { settings } = project.design.settings;
  const engine = dockerEngine(runUndisturbed);
  await removeStale(engine, thisProcess());
  const stage = project.design.plan.stages.find(({ name }) => name === 'processes');
  const processes = stage?.name === 'processes' ? stage.processes : [];
  for (const tested of testedProcesses(processes, settings, only)) {
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
      const config = await engine.config(reference);
      const attempt = await smokeTest(
        {
          engine,
          reference,
          image: config ?? goneMeanwhile(reference),
          spec,
          labels: ownerLabels(thisProcess(), project.name, spec.timeoutMs / 1000 + spec.stopSeconds),
          pause: interruption.pause,
        },
        sampleValues(diskFiles(project.workspaceRoot), project.root),
      );
      const failed = failure(spec, attempt);
      if (failed) throw failed;
      say(`\n${passedLine(project.name, spec, attempt, (performance.now() - began) / 1000)}`);
    });
  }
}

/** Words for why there is no test; undefined if there is one. */
export function switchedOff({ design }: ProjectInQuestion): string | undefined {
  if (/^(false|0|off)$/i.test(process.env['DOCKER_PYTHON_SMOKE_TEST'] ?? ''))
    return 'DOCKER_PYTHON_SMOKE_TEST switches it off';
  return design.settings.settings.smokeTest === false ? '"smokeTest": false in its settings' : undefined;
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

function goneMeanwhile(reference: string): never {
  throw new DockerPythonError({
    code: 'ENGINE_FAILED',
    message: `The image ${reference} went away while it was about to be tested.`,
    hint: 'Something removed it (docker image prune?). Run the smoke test again.',
  });
}
