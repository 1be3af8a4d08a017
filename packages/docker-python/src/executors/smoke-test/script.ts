import { existsSync } from 'node:fs';
import { posix, join } from 'node:path';
import { runProcess } from '../../engine/process';
import { say } from '../../engine/words';
import { DockerPythonError } from '../../errors';
import type { SmokeTestSettings } from '../../settings/running';
import { milliseconds } from '../../settings/values';
import type { ProjectInQuestion } from '../project';

/** Tests instead of us if it is there (FEATURES C1). */
export const SCRIPT = 'docker/smoke-test.sh';

/** A script does more than we do. */
const DEFAULT_TIMEOUT = '10m';

/** @returns workspace-relative path */
export function findScript(project: ProjectInQuestion): string | undefined {
  const chosen = smokeSettingsOf(project).script;
  const path = posix.join(project.root, chosen ?? SCRIPT);
  if (existsSync(join(project.workspaceRoot, path))) return path;
  if (chosen === undefined) return undefined;
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `"smokeTest.script" is ${JSON.stringify(chosen)}, but ${path} is not there.`,
    hint: 'The path is relative to the project.',
  });
}

/** Runs the user's script with the name of the image as its argument. Its exit code is the result. */
export async function runScript(path: string, reference: string, project: ProjectInQuestion): Promise<void> {
  const timeout = smokeSettingsOf(project).timeout ?? DEFAULT_TIMEOUT;
  const result = await runProcess(join(project.workspaceRoot, path), [reference], {
    output: 'both',
    timeoutMs: milliseconds(timeout),
  });
  if (result.exitCode === 0) {
    say(`\n${project.name}: passed the smoke test of ${path}`);
    return;
  }
  const notExecutable = /EACCES|ENOEXEC|permission denied/i.test(result.stderr);
  throw new DockerPythonError({
    code: 'SMOKE_SCRIPT_FAILED',
    message: `${path} ended with exit code ${result.exitCode}${result.exitCode === 124 ? ` after ${timeout}` : ''}.`,
    hint: notExecutable
      ? `Make it executable (git update-index --chmod=+x ${path}) and begin it with #!/bin/sh.`
      : `Its output is above. By hand: ${path} ${reference}`,
  });
}

function smokeSettingsOf({ design }: ProjectInQuestion): SmokeTestSettings {
  const { smokeTest } = design.settings.settings;
  return smokeTest === false || smokeTest === undefined ? {} : smokeTest;
}
