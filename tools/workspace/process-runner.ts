import type { ProcessRunner } from '../../packages/docker-python/src/engine/process';
import { attempt } from '../shell';

/** Runs processes for the plugin's own modules; its real runner is built on execa, which cannot be loaded here. */
export const toolRunner: ProcessRunner = async (program, argv, { env = {} }) => {
  const { ok, stdout, output } = await attempt(program, argv, { env });
  return { exitCode: ok ? 0 : 1, stdout: stdout.replace(/\n$/, ''), stderr: ok ? '' : output };
};
