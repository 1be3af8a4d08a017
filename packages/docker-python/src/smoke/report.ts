import { DockerPythonError, type ErrorCode } from '../errors';
import type { Attempt } from './attempts';
import type { Judgement, SmokeSpec } from './types';

const CODES: Readonly<Record<Judgement['verdict'], ErrorCode>> = {
  'broken-image': 'SMOKE_BROKEN_IMAGE',
  'needs-configuration': 'SMOKE_NEEDS_CONFIGURATION',
  'needs-service': 'SMOKE_NEEDS_SERVICE',
};

const WORDS: Readonly<Record<Judgement['verdict'], string>> = {
  'broken-image': 'the image is broken',
  'needs-configuration': 'the image needs configuration',
  'needs-service': 'the image needs a service',
};

/** The line of a test that passed, or whose verdict the settings accept. */
export function passedLine(
  project: string,
  spec: SmokeSpec,
  { result, samples }: Attempt,
  seconds: number,
): string {
  const { judgement, notes } = result;
  return [
    `${project}: ${spec.process} ${judgement ? `accepted although ${WORDS[judgement.verdict]}: ${judgement.cause}` : 'passed its smoke test'}`,
    ...notes,
    circumstances(spec),
    ...(samples.length > 0 ? [sampleNote(samples)] : []),
    `${seconds.toFixed(1)} s`,
  ].join(' · ');
}

/** @returns undefined if the test has passed or its verdict is accepted */
export function failure(spec: SmokeSpec, { result, samples }: Attempt): DockerPythonError | undefined {
  const { judgement, logs, state } = result;
  if (!judgement || spec.accept.includes(judgement.verdict)) return undefined;
  const shown = logs === '' ? '  (it printed nothing)' : logs.replace(/^/gm, '  ');
  return new DockerPythonError({
    code: CODES[judgement.verdict],
    message: [
      `The smoke test of the process ${spec.process} says: ${WORDS[judgement.verdict]}. ${judgement.cause}`,
      '',
      'Its last lines:',
      shown,
      '',
      `State: ${state}; started ${circumstances(spec)}${samples.length > 0 ? `, ${sampleNote(samples)}` : ''}.`,
    ].join('\n'),
    hint: judgement.hint,
  });
}

function circumstances({ hardening, user, network }: SmokeSpec): string {
  return [
    ...(hardening.readOnlyRoot ? ['read-only'] : []),
    ...(hardening.dropCapabilities ? ['without capabilities'] : []),
    user === undefined ? "as the image's user" : `as user ${user}`,
    ...(network === undefined ? [] : ['beside its services']),
  ].join(', ');
}

function sampleNote(samples: Attempt['samples']): string {
  const files = [...new Set(samples.map(({ from }) => from))].join(', ');
  return `with sample values from ${files} (${samples.map(({ name }) => name).join(', ')})`;
}
