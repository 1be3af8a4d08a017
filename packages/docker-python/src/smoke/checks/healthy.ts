import { judge } from '../verdict';
import { broken, type Check } from './types';

const POLL_MS = 100;

/** The health check of the image goes green, as an orchestrator would see it. */
export const healthy: Check = {
  name: 'healthy',
  applies: ({ spec, image }) =>
    spec.expectation.kind !== 'job' && image.healthCheck.length > 0 && image.healthCheck[0] !== 'NONE',
  async run({ spec, container, pause }) {
    const deadline = performance.now() + spec.timeoutMs;
    for (;;) {
      const state = await container.state();
      if (state.health === 'healthy') return { note: 'healthy' };
      // A job that is done has no health; a server that has gone meanwhile is no longer well.
      if (!state.running && spec.expectation.kind === 'program')
        return { note: 'no longer there to be asked' };
      if (!state.running)
        return { judgement: judge({ logs: await container.logs(), state, expected: 'It ended' }) };
      if (performance.now() > deadline) {
        return broken(
          `It runs, but its health check fails: ${state.healthOutput || 'no result yet'}.`,
          'See "healthCheck" in docker-python.json: its path, or false to switch it off.',
        );
      }
      await pause(POLL_MS);
    }
  },
};
