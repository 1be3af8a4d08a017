import fc from 'fast-check';
import { buildFailure, clientFailure } from './failures';
import type { Attestations } from './types';

const of = (stderr: string, exitCode = 1): ReturnType<typeof buildFailure> =>
  buildFailure({ exitCode, stdout: '', stderr }, { dockerfile: 'apps/api/Dockerfile' });

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
    [
      '#9 0.214   `d` references a workspace in `tool.uv.sources` (e.g., `d = { workspace = true }`), but is not a workspace member',
      'LOCK_OUT_OF_DATE',
      'd is needed, and is no member of the workspace',
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
    ["ERROR: docker: 'docker buildx build' requires 1 argument", 'BUILD_FAILED', 'extraBuildArgs'],
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
    [
      'error: Failed to download `six==1.17.0`\n#9 1.2   cause: Hash mismatch for `six==1.17.0`\n',
      'six==1.17.0 does not have the hash',
      'was changed on its index',
    ],
    [
      '#9 1.2 ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you\n#9 1.2     six==1.17.0 from https://files.invalid/six.whl (from -r x):\n',
      'six==1.17.0 does not have the hash',
      'was changed on its index',
    ],
    [
      'error: No solution found when resolving dependencies\n  cause: Because there is no version of six==99.0',
      'the resolver says below why',
      '"python"',
    ],
    [
      'error: No solution found when resolving dependencies\nhint: You require CPython 3.11 (`cp311`), but we only found wheels for `onnxruntime` (v1.10.0) with the following Python ABI tags: `cp36m`, `cp37m`, `cp39`, `cp38`\n',
      'onnxruntime v1.10.0 has no wheel',
      '"python": "3.9"',
    ],
    [
      'ERROR: No matching distribution found for onnxruntime==1.10.0\n',
      'onnxruntime==1.10.0',
      '"python": "3.x"',
    ],
    [
      'error\n#9 0.3 : No solution found when resolving dependencies\n#9 0.3   cause: Because nosuch-package was not found in the package registry and you require nosuch-package, we can conclude that your requirements are unsatisfiable.',
      'There is no package "nosuch-package" in the indexes',
      'docs/private-index.md',
    ],
    [
      '  × No solution found when resolving dependencies:\n#9 0.3   ╰─▶ Because\n#9 0.3       nosuch.package was not found in the\n#9 0.3       package registry and you require it',
      'There is no package "nosuch.package" in the indexes',
      'spelling',
    ],
    [
      '#9 1.2 ERROR: Could not find a version that satisfies the requirement nosuch (from versions: none)\n#9 1.2 ERROR: No matching distribution found for nosuch\n',
      'There is no package "nosuch" in the indexes',
      'docs/private-index.md',
    ],
    [
      'WARNING: Retrying (Retry(total=0)) after connection broken\nERROR: Could not find a version that satisfies the requirement six (from versions: none)\nERROR: No matching distribution found for six\n',
      'The index has no six that fits',
      'or the index',
    ],
    [
      'ERROR: Ignored the following versions that require a different python version: 1.0 Requires-Python <3.9\nERROR: Could not find a version that satisfies the requirement old (from versions: none)\nERROR: No matching distribution found for old\n',
      'The index has no old that fits',
      '"python": "3.x"',
    ],
    ['  × Failed to build `numpy==1.19.5`\n', 'numpy==1.19.5 has no wheel', '"python": "3.x"'],
    ["ERROR: Failed to build 'numpy' when getting requirements", 'numpy has no wheel', '"systemPackages"'],
  ])('names the package, and what to do: %j', (stderr, message, hint) => {
    const error = of(stderr);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    if (/resolving|matching/.test(stderr)) expect(error.hint).not.toContain('systemPackages');
  });

  it.each([
    'hint: An index URL (https://me:hunter2@pypi.acme.example/simple) returned a 401 Unauthorized error.',
    'HTTP status client error (401 Unauthorized) for url (https://me:hunter2@pypi.acme.example/simple)',
    'WARNING: 401 Error, Credentials not correct for https://pypi.acme.example/simple',
    '401 Client Error: Unauthorized for url: https://pypi.acme.example/simple?token=hunter2',
    'Authorization error accessing https://pypi.acme.example/simple',
    'HTTP error 403 while getting https://pypi.acme.example/simple',
  ])('for want of credentials, by the index and without them: %j', (stderr) => {
    const { code, message, hint } = of(`#9 1.2 ${stderr}\nNo solution found when resolving dependencies`);
    expect(code).toBe('INDEX_UNAUTHORIZED');
    expect(message).toContain('https://pypi.acme.example/simple refuses');
    expect(`${message} ${hint}`).not.toContain('hunter2');
  });

  it('after 4.401 seconds has nothing to do with credentials', () => {
    expect(of('#9 4.401 Downloading https://pypi.acme.example/simple\n#9 403.1 failed').code).toBe(
      'BUILD_FAILED',
    );
  });

  it.each([
    ['Host key verification failed.', 'host key', 'docker/known_hosts'],
    [
      'No ED25519 host key is known for [git.acme.example]:2222 and',
      '[git.acme.example]:2222',
      'ssh-keyscan',
    ],
    ['git@git.acme.example: Permission denied (publickey).', 'keys of the agent', 'ssh-add -l'],
  ])('for want of SSH: %j', (stderr, message, hint) => {
    expect(of(stderr).message).toContain(message);
    expect(of(stderr).hint).toContain(hint);
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

it.each([
  'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
  'docker: Error response from daemon: OCI runtime create failed: exec: "/start.sh": permission denied',
])('takes an engine that answers for one that runs and lets us in: %s', (stderr) => {
  const { code, message } = clientFailure({ exitCode: 125, stdout: '', stderr }, 'starting x');
  expect(code).toBe('ENGINE_FAILED');
  expect(message).toContain(stderr);
});

it('quotes the last five lines of what is not known', () => {
  const stderr = Array.from({ length: 9 }, (_, i) => `line ${i}`).join('\n');
  const { message } = clientFailure({ exitCode: 1, stdout: '', stderr }, 'tagging x');
  expect(message).toBe('The engine failed while tagging x: line 4\nline 5\nline 6\nline 7\nline 8');
});

it('has something to say about a client that says nothing', () => {
  expect(clientFailure({ exitCode: 9, stdout: '', stderr: '' }, 'asking').message).toContain('exit code 9');
});

it.each<[string, Attestations | undefined, string]>([
  ['docker.io/docker/buildkit-syft-scanner:stable-1', { sbom: true }, 'ATTEST_UNSUPPORTED'],
  ['docker.io/acme/scanner:1', { sbom: 'acme/scanner:1' }, 'ATTEST_UNSUPPORTED'],
  ['docker.io/library/python:3.99', { sbom: true }, 'BUILD_FAILED'],
  ['docker.io/acme/scanner:1', { sbom: false, provenance: 'max' }, 'BUILD_FAILED'],
  ['docker.io/acme/scanner:1', undefined, 'BUILD_FAILED'],
])('%s that cannot be had, with %j, is %s', (image, attestations, code) => {
  const stderr = `ERROR: failed to solve: failed to resolve source metadata for ${image}: ${image}: not found`;
  const request = { dockerfile: 'Dockerfile', ...(attestations ? { attestations } : {}) };
  expect(buildFailure({ exitCode: 1, stdout: '', stderr }, request).code).toBe(code);
});
