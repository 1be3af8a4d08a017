import { failureOfAsync } from '../testing/failures';
import { resolveBase } from './base-digest';
import type { ProcessResult, ProcessRunner } from './process';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

/** Answers by the words of the command; everything else fails. */
function docker(answers: Readonly<Record<string, string>>): ProcessRunner {
  return (program, argv) => {
    const key = Object.keys(answers).find((words) => argv.join(' ').startsWith(words));
    const result: ProcessResult =
      program === 'docker' && key !== undefined
        ? { exitCode: 0, stdout: answers[key]!, stderr: '' }
        : { exitCode: 1, stdout: '', stderr: 'ERROR: first\nERROR: no such host' };
    return Promise.resolve(result);
  };
}

it('asks the registry, and downloads nothing', async () => {
  const start = docker({
    'buildx imagetools inspect': JSON.stringify({ mediaType: 'x', digest: DIGEST, size: 1 }),
    'image inspect': JSON.stringify([`python@${OTHER}`]),
  });
  expect(await resolveBase('python:3.13', start)).toEqual({ digest: DIGEST, origin: 'registry' });
});

it.each<[string, string | null, string | undefined]>([
  ['python:3.13-slim', JSON.stringify([`other@${OTHER}`, `python@${DIGEST}`]), DIGEST],
  ['docker.io/library/python:3.13', JSON.stringify([`python@${DIGEST}`]), DIGEST],
  ['localhost:5000/acme/base', JSON.stringify([`localhost:5000/acme/base@${DIGEST}`]), DIGEST],
  ['python:3.13', JSON.stringify([`acme/python@${OTHER}`]), undefined],
  ['python:3.13', '[]', undefined],
  ['python:3.13', 'null', undefined],
])('%s: without a registry the engine decides: %s', async (reference, digests, digest) => {
  const start = docker({ 'image inspect': digests! });
  expect(await resolveBase(reference, start)).toEqual({
    ...(digest === undefined ? {} : { digest }),
    origin: 'engine',
  });
});

it('is an error with the words of the registry where neither has it', async () => {
  const error = await failureOfAsync(() => resolveBase('python:3.13', docker({})));
  expect(error).toMatchObject({
    code: 'BASE_UNRESOLVED',
    message: expect.stringMatching(/python:3\.13: ERROR: no such host$/),
  });
});
