import fc from 'fast-check';
import { buildFailure, clientFailure } from './failures';

const of = (stderr: string, exitCode = 1): ReturnType<typeof buildFailure> =>
  buildFailure({ exitCode, stdout: '', stderr }, 'apps/api/Dockerfile');

describe('a build that fails', () => {
  it.each([
    ['THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE', 'BUILD_FAILED', 'hash'],
    ['error: Hash mismatch for `flask==3.1.0`', 'BUILD_FAILED', 'hash'],
    [
      'error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.',
      'LOCK_OUT_OF_DATE',
      'lock file',
    ],
    [
      'pyproject.toml changed significantly since poetry.lock was last generated.',
      'LOCK_OUT_OF_DATE',
      'lock file',
    ],
    ['Your Pipfile.lock (abc) is out of date. Expected: (def).', 'LOCK_OUT_OF_DATE', 'lock file'],
    ['Pipfile.lock is out-of-date. Run $ pipenv lock to update.', 'LOCK_OUT_OF_DATE', 'lock file'],
    [
      "WARNING: Lockfile doesn't satisfy the project requirements, packages may be outdated",
      'LOCK_OUT_OF_DATE',
      'lock file',
    ],
    [
      'SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate',
      'BUILD_FAILED',
      'certificate',
    ],
    ['invalid peer certificate: UnknownIssuer', 'BUILD_FAILED', 'certificate'],
    ['write /x: no space left on device', 'BUILD_FAILED', 'disk'],
    [
      'failed to resolve source metadata for docker.io/library/python:3.99-slim-trixie: not found',
      'BUILD_FAILED',
      'base image',
    ],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'ENGINE_NOT_RUNNING',
      'engine',
    ],
    [
      '#12 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2',
      'BUILD_FAILED',
      'apps/api/Dockerfile',
    ],
  ])('%j', (stderr, code, named) => {
    const error = of(stderr);
    expect(error.code).toBe(code);
    expect(error.message).toContain(named);
  });

  it.each([
    '#9 12.3 error: Failed to fetch https://pypi.example.com/simple/flask/: Connection refused (os error 111)',
    '#9 dial tcp: lookup pypi.example.com: no such host',
    '#5 ERROR: failed to calculate checksum: build context "x" not found',
  ])('for want of a package index is no engine that does not run: %j', (stderr) => {
    expect(of(stderr).code).toBe('BUILD_FAILED');
  });

  it('of a missing docker', () => {
    expect(of('', 127).code).toBe('ENGINE_MISSING');
  });

  it('gives an error with a hint for any output', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(255), (stderr, exitCode) => {
        for (const error of [
          of(stderr, exitCode),
          clientFailure({ exitCode, stdout: '', stderr }, 'asking'),
        ]) {
          expect(error.name).toBe('DockerPythonError');
          expect(error.hint).not.toBe('');
        }
      }),
    );
  });
});

it('quotes the last five lines of what is not known', () => {
  const stderr = Array.from({ length: 9 }, (_, i) => `line ${i}`).join('\n');
  const { message } = clientFailure({ exitCode: 1, stdout: '', stderr }, 'tagging x');
  expect(message).toBe('The engine failed while tagging x: line 4\nline 5\nline 6\nline 7\nline 8');
});

it('has something to say about a client that says nothing', () => {
  expect(clientFailure({ exitCode: 9, stdout: '', stderr: '' }, 'asking').message).toContain('exit code 9');
});
