import { constants } from 'node:os';
import { broken, secondsSince, type Check } from './types';

const SIGKILLED = 137;

/**
 * The stop signal ends it in time: with exit code 0, or with the one that says that this very signal did it
 * (128 and its number). Anything else is a crash on the way out.
 */
export const stops: Check = {
  name: 'stops',
  applies: ({ spec }) => spec.expectation.kind !== 'job',
  async run({ spec, image, container }) {
    const before = await container.state();
    if (!before.running) return { note: 'nothing left to stop' };
    const began = performance.now();
    await container.stop(spec.stopSeconds);
    const { exitCode } = await container.state();
    const took = secondsSince(began);
    if (exitCode === SIGKILLED) {
      return broken(
        `It ignores ${image.stopSignal}: it had to be killed after ${spec.stopSeconds} s.`,
        'An entry point has to end with exec "$@"; a program has to handle the signal. More time: "stopTimeout" in docker-python.json.',
      );
    }
    const number = (constants.signals as Record<string, number | undefined>)[image.stopSignal] ?? 0;
    if (exitCode === 0 || exitCode === 128 + number)
      return { note: `stops in ${took} (exit code ${exitCode})` };
    return broken(
      `It answers ${image.stopSignal} with exit code ${exitCode}, as if something had failed.`,
      'Its last lines are above. Make its signal handler end with exit code 0.',
    );
  },
};
