import { failureOfAsync } from '../testing/failures';
import { resolveBase } from './base-digest';
import type { ProcessResult, ProcessRunner } from './process';
import type { Patience } from './retries';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const NEWER = `sha256:${'c'.repeat(64)}`;

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
  expect(await resolveBase('python:3.13', undefined, start)).toEqual({ digest: DIGEST, origin: 'registry' });
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
  expect(await resolveBase(reference, undefined, start)).toEqual({
    ...(digest === undefined ? {} : { digest }),
    origin: 'engine',
  });
});

it('keeps what the lock says where no registry can be reached and the engine does not have it', async () => {
  expect(await resolveBase('python:3.13', DIGEST, docker({}))).toEqual({
    digest: DIGEST,
    origin: 'lock',
    reason: 'ERROR: no such host',
  });
});

it('is an error where its registry has lost it, whatever the lock says', async () => {
  const start: ProcessRunner = () =>
    Promise.resolve({ exitCode: 1, stdout: '', stderr: 'ERROR: docker.io/library/python:3.13: not found' });
  expect(await failureOfAsync(() => resolveBase('python:3.13', DIGEST, start))).toMatchObject({
    code: 'BASE_UNRESOLVED',
  });
});

it('is an error with the words of the registry where neither has it, nor the lock', async () => {
  const error = await failureOfAsync(() => resolveBase('python:3.13', undefined, docker({})));
  expect(error).toMatchObject({
    code: 'BASE_UNRESOLVED',
    message: expect.stringMatching(/python:3\.13: ERROR: no such host$/),
  });
});

describe('a registry that fails', () => {
  const LIMIT = 'ERROR: unexpected status from HEAD request to https://x/y: 429 Too Many Requests';

  /** One that says these words so often, and then the digest; the engine has another one. */
  function failing(stderr: string, times = Infinity, exitCode = 1) {
    const pauses: number[] = [];
    let asked = 0;
    const start: ProcessRunner = (_, argv) => {
      const result = (stdout: string): ProcessResult => ({ exitCode: 0, stdout, stderr: '' });
      if (argv[0] === 'image') return Promise.resolve(result(JSON.stringify([`python@${OTHER}`])));
      return Promise.resolve(
        ++asked > times ? result(JSON.stringify({ digest: NEWER })) : { exitCode, stdout: '', stderr },
      );
    };
    const pause = (ms: number): Promise<void> => Promise.resolve(void pauses.push(ms));
    const patience: Patience = { pausesMs: [1, 2], pause, note: () => undefined };
    return { pauses, ask: (locked?: string) => resolveBase('python:3.13', locked, start, patience) };
  }

  it('is asked again where that may help', async () => {
    const { ask, pauses } = failing(LIMIT, 2);
    expect(await ask(DIGEST)).toEqual({ digest: NEWER, origin: 'registry' });
    expect(pauses).toEqual([1, 2]);
  });

  it.each<[string, string, number, number, RegExp]>([
    ['429', LIMIT, 1, 2, /^docker\.io takes no more requests for now \(429\)\. .*python:3\.13/],
    ['a timeout', '', 124, 2, /^docker\.io did not answer in time/],
    [
      'a registry that is being started',
      'ERROR: dial tcp 10.0.0.1:443: connect: connection refused',
      1,
      2,
      /refused/,
    ],
    ['an expired login', 'ERROR: unexpected status: 401 Unauthorized', 1, 0, /wants a login \(401\)/],
    ['a certificate', 'ERROR: x509: certificate signed by unknown authority', 1, 0, /x509/],
  ])('leaves the digest of the lock, and that is said: %s', async (_, stderr, exitCode, again, reason) => {
    const { ask, pauses } = failing(stderr, Infinity, exitCode);
    expect(await ask(DIGEST)).toEqual({
      digest: DIGEST,
      origin: 'lock',
      reason: expect.stringMatching(reason) as string,
    });
    expect(pauses).toHaveLength(again);
  });

  it('gives way to the engine where the lock has no digest', async () => {
    expect(await failing(LIMIT).ask()).toEqual({ digest: OTHER, origin: 'engine' });
  });

  it.each([
    ['has no such image', 'ERROR: docker.io/library/python:3.13: not found'],
    ['cannot be reached from this machine', 'ERROR: dial tcp: lookup registry-1.docker.io: no such host'],
  ])('is something else than one that %s: then the engine decides, at once', async (_, stderr) => {
    const { ask, pauses } = failing(stderr);
    expect(await ask(DIGEST)).toEqual({ digest: OTHER, origin: 'engine' });
    expect(pauses).toEqual([]);
  });
});
