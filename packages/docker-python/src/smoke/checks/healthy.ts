import type { Argv } from '../../engine/argv';
import { judge } from '../verdict';
import { broken, type Check } from './types';

const POLL_MS = 250;

/** One that hangs has to leave time for the others. */
const ONE_CHECK_MS = 10_000;

/**
 * The health check of the image finds the process well. It is run as the engine runs it, but at once: the engine's
 * own checks would first wait for an interval, and start a Python beside the application while that starts.
 */
export const healthy: Check = {
  name: 'healthy',
  applies: ({ spec, image }) => spec.expectation.kind !== 'job' && argvOf(image.healthCheck) !== undefined,
  async run({ spec, image, container, pause }) {
    const deadline = performance.now() + spec.timeoutMs;
    for (;;) {
      const result = await container.exec(argvOf(image.healthCheck)!, ONE_CHECK_MS);
      if (result.exitCode === 0) return { note: 'healthy' };
      const state = await container.state();
      // A job that is done has no health; a server that has gone meanwhile is no longer well.
      if (!state.running && spec.expectation.kind === 'program')
        return { note: 'no longer there to be asked' };
      if (!state.running)
        return { judgement: judge({ logs: await container.logs(), state, expected: 'It ended' }) };
      if (performance.now() > deadline) {
        const said = `${result.stdout}\n${result.stderr}`.trim();
        return broken(
          `It runs, but its health check fails: ${said || 'it does not come to an end'}.`,
          'See "healthCheck" in docker-python.json: its path, or false to switch it off.',
        );
      }
      await pause(POLL_MS);
    }
  },
};

/** Source: the OCI image specification's extension "Healthcheck", as the Dockerfile reference explains it. */
function argvOf([form, ...words]: readonly string[]): Argv | undefined {
  if (form === 'CMD') return words;
  return form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : undefined;
}
