import type { Argv } from '../../engine/argv';
import type { Judgement } from '../types';
import { unlessInterrupted } from '../unless-interrupted';
import { fromOutput, judge, withFullStop } from '../verdict';
import { type Check, type Subject } from './types';

const POLL_MS = 250;

/** A check gets at least so long, whatever the image says: the machine may be busy with other tests. */
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
    const limitMs = Math.max(image.healthTimeoutMs, ONE_CHECK_MS);
    for (;;) {
      const result = await unlessInterrupted(container.exec(argvOf(image.healthCheck)!, limitMs), pause);
      if (result.exitCode === 0) return { note: 'healthy' };
      const state = await container.state();
      // A job that is done has no health; a server that has gone meanwhile is no longer well.
      if (!state.running && spec.expectation.kind === 'program')
        return { note: 'no longer there to be asked' };
      if (!state.running)
        return { judgement: judge({ logs: await container.logs(), state, expected: 'It ended' }) };
      if (performance.now() > deadline) {
        const said = `${result.stdout}\n${result.stderr}`.trim();
        return { judgement: notWell(spec, said, await container.logs()) };
      }
      await pause(POLL_MS);
    }
  },
};

/**
 * Whose fault is it that the check stays red? A worker's check may name the service that it lacks; a server's check
 * asks the server itself, so that a connection that it finds refused says nothing about others.
 */
function notWell({ healthPath, expectation }: Subject['spec'], said: string, logs: string): Judgement {
  const asksServer = healthPath !== undefined || expectation.kind === 'server';
  const named = asksServer ? undefined : fromOutput(said);
  const logged = fromOutput(logs);
  const known = named ?? (logged?.verdict === 'needs-service' ? logged : undefined);
  const problem = `It runs, but its health check fails: ${withFullStop(said || 'it does not come to an end')}`;
  if (known) return { ...known, cause: named ? known.cause : `${problem} ${known.cause}` };
  return { verdict: 'broken-image', cause: problem, hint: hintFor(healthPath) };
}

function hintFor(path: string | undefined): string {
  const asked =
    path === undefined
      ? 'The check is a command that asks the process itself: its words above say what it misses.'
      : `The check asks ${path}. If another path says whether it is well: "healthCheck": { "path": "/healthz" } in docker-python.json.`;
  return `${asked} If it needs longer, raise "smokeTest": { "timeout": "60s" }; "healthCheck": false switches the check off.`;
}

/** Source: the OCI image specification's extension "Healthcheck", as the Dockerfile reference explains it. */
function argvOf([form, ...words]: readonly string[]): Argv | undefined {
  if (form === 'CMD') return words;
  return form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : undefined;
}
