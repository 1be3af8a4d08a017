import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { IndexCredentials } from '../plan/credentials';
import { planBuildEnvironment, type BuildEnvironment } from '../plan/build-environment';
import { below, designOf, FLASK } from '../testing/projects';
import { networkStep, renderKnownHosts } from './build-environment';
import { shellTemplate } from './shell';

const NOTHING = planBuildEnvironment({}, []);
const step = (environment: BuildEnvironment): string => networkStep(environment, [], ['pip install x']);
const lines = (environment: BuildEnvironment): string[] => step(environment).split('\n');

describe('a step that uses the network', () => {
  it('gets certificates and nothing else where nothing is set', () => {
    expect(step(NOTHING)).not.toMatch(/^ARG|type=ssh|GIT_SSH|netrc/m);
    expect(step(NOTHING)).toContain('--mount=type=secret,id=ca,target=/run/secrets/ca');
  });

  it('gets variables of the host as build arguments, right before it', () => {
    expect(lines({ ...NOTHING, fromHost: ['FLAVOUR'], keyed: true }).slice(0, 3)).toEqual([
      'ARG FLAVOUR',
      'ARG BUILD_ENV_DIGEST',
      'RUN \\',
    ]);
  });

  it('gets a secret as a mount, and works without it', () => {
    const text = step({ ...NOTHING, secrets: [{ name: 'TOKEN', as: 'text' }] });
    expect(text).toContain('--mount=type=secret,id=TOKEN,target=/run/secrets/TOKEN');
    expect(text).toContain('[ ! -f /run/secrets/TOKEN ] || export TOKEN="$(cat /run/secrets/TOKEN)"');
  });

  it('leaves no temporary file where programs write their secrets', () => {
    const text = step({ ...NOTHING, secrets: [{ name: 'TOKEN', as: 'text' }] });
    expect(text).toMatch(/pip install x\nfind \/tmp -mindepth 1 -delete/);
    expect(step(NOTHING)).not.toContain('-delete');
  });

  it('puts a netrc where git looks for it', () => {
    const text = step({ ...NOTHING, secrets: [{ name: 'NETRC', as: 'path' }] });
    expect(text).toContain('--mount=type=secret,id=NETRC,target=/root/.netrc');
    expect(text).toContain('export NETRC=/root/.netrc');
  });

  it('may use the agent, and trusts known hosts alone', () => {
    const text = step({ ...NOTHING, ssh: true });
    expect(text).toContain('--mount=type=ssh');
    expect(text).toContain('--mount=type=bind,from=known-hosts,target=/run/known-hosts');
    expect(text).toContain('-o StrictHostKeyChecking=yes');
  });

  it('keeps caches for the last mounts', () => {
    const text = networkStep(NOTHING, ['type=cache,id=uv,target=/c', 'type=bind,source=a'], []);
    expect(text.match(/--mount=type=(\w+)/g)).toEqual([
      '--mount=type=bind',
      '--mount=type=secret',
      '--mount=type=secret',
      '--mount=type=cache',
    ]);
  });
});

/** What a step's shell has in some variables after its lines. */
function shellOf(
  environment: BuildEnvironment,
  names: readonly string[],
  env: Record<string, string>,
): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-shell-'));
  try {
    const [, script] = /<<EOF\n(.*)\nEOF/s.exec(networkStep(environment, [], []))!;
    const show = names.map((name) => `printf '%s\\n' "\${${name}-}"`);
    writeFileSync(join(folder, 'script'), [script, ...show].join('\n'));
    const output = execFileSync('sh', [join(folder, 'script')], {
      env: { PATH: process.env['PATH'], ...env },
    });
    return output.toString().split('\n').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('tells the credentials of two indexes of one host apart, for uv, by their addresses', () => {
  const one = (name: string): IndexCredentials => ({
    name,
    url: `https://h.example/${name.toLowerCase()}/simple/`,
    host: 'h.example',
    username: `UV_INDEX_${name}_USERNAME`,
    password: `POETRY_HTTP_BASIC_${name}_PASSWORD`,
  });
  const text = step({ ...NOTHING, credentials: [one('A'), one('B')] });
  expect(text).toContain(
    `printf '%s\\n' '[[index]]' 'name = "A"' 'url = "https://h.example/a/simple/"' 'explicit = true' '[[index]]' 'name = "B"' `,
  );
  expect(text.match(/machine/g)).toHaveLength(1);
  expect(text).toContain('export UV_INDEX_B_PASSWORD="${POETRY_HTTP_BASIC_B_PASSWORD:-}"');
  expect(text).toContain('export XDG_CONFIG_DIRS=');
  expect(step({ ...NOTHING, credentials: [one('A')] })).not.toContain('XDG_CONFIG_DIRS');
});

describe('options of pip and uv', () => {
  const of = (...fromHost: string[]): BuildEnvironment => ({ ...NOTHING, fromHost });

  it.each([
    ['PIP_INDEX_URL', 'https://a/simple', 'UV_DEFAULT_INDEX', 'https://a/simple'],
    [
      'PIP_EXTRA_INDEX_URL',
      'https://a/simple https://b/simple',
      'UV_INDEX',
      'https://a/simple https://b/simple',
    ],
    [
      'UV_INDEX',
      'acme=https://a/simple b=https://b/?x=y',
      'PIP_EXTRA_INDEX_URL',
      'https://a/simple https://b/?x=y',
    ],
    ['UV_DEFAULT_INDEX', 'https://u:p=q@a/simple', 'PIP_INDEX_URL', 'https://u:p=q@a/simple'],
    ['PIP_DEFAULT_TIMEOUT', '60', 'UV_HTTP_TIMEOUT', '60'],
    ['UV_HTTP_TIMEOUT', '60', 'PIP_DEFAULT_TIMEOUT', '60'],
  ])('%s=%s counts as %s', (name, value, other, expected) => {
    expect(shellOf(of(name), [other], { [name]: value })).toEqual([expected]);
  });

  it('leave each other alone where both are set, or where the host has no value', () => {
    expect(step(of('PIP_INDEX_URL', 'UV_DEFAULT_INDEX'))).not.toContain('export UV_DEFAULT_INDEX');
    expect(shellOf(of('PIP_INDEX_URL'), ['UV_DEFAULT_INDEX'], {})).toEqual(['']);
  });
});

it('keeps any value in one piece', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('"', "'", '\\', '$', '`', ' ', '!', '*', ';', '&', 'a', '=', '{', '}'),
      }),
      (value) => {
        expect(shellOf({ ...NOTHING, values: { A: value } }, ['A'], {})).toEqual([value]);
      },
    ),
    { numRuns: 25 },
  );
});

it('expands variables in an address and nothing else', () => {
  const word = shellTemplate('https://${U}:${T}@a/$(evil)`evil`$U');
  const said = execFileSync('sh', ['-c', `printf %s ${word}`], { env: { U: 'me', T: 'p w*' } }).toString();
  expect(said).toBe('https://me:p w*@a/$(evil)`evil`$U');
});

describe('the Dockerfile of a project with a build environment', () => {
  const files = {
    ...FLASK,
    'docker/known_hosts': 'git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6t\n',
    'docker-python.json': JSON.stringify({
      version: 1,
      ssh: true,
      registryMirror: 'mirror.example.com',
      installer: { name: 'uv', source: 'https://${USER_NAME}:${ACME_TOKEN}@pypi.acme.example/simple' },
      buildEnv: { ACME_TOKEN: { secret: { env: 'HOST_TOKEN' } }, USER_NAME: { env: 'USER_NAME' } },
    }),
  };
  const text = designOf(below('apps/api', files)).managed[0].text;
  const stage = (name: string): string =>
    text.split(/^(?=FROM )/m).find((part) => new RegExp(`^FROM \\S+ AS ${name}$`, 'm').test(part))!;

  it('shows secrets to the stages that fetch, and to no other', () => {
    for (const name of ['installer', 'dependencies']) expect(stage(name)).toContain('id=ACME_TOKEN');
    for (const name of ['base', 'stdlib', 'linkage', 'application', 'processes', 'runtime'])
      expect(stage(name)).not.toMatch(/ACME_TOKEN|BUILD_ENV_DIGEST|type=ssh|USER_NAME/);
  });

  it('takes the base from the mirror, and uv from its index without an argument that shows the token', () => {
    expect(stage('base')).toContain('FROM mirror.example.com/library/python:3.13-slim-trixie AS base');
    for (const pip of ['PIP_ROOT_USER_ACTION=ignore python -m pip install', '/opt/uv/bin/pip install'])
      expect(stage('installer')).toContain(
        `PIP_INDEX_URL=https://"\${USER_NAME}":"\${ACME_TOKEN}"@pypi.acme.example/simple ${pip}`,
      );
  });

  it('has the host keys of everybody and of the project, and an SSH client in the builder alone', () => {
    expect(stage('known-hosts').match(/^\S+ ssh-ed25519 /gm)).toEqual([
      'github.com ssh-ed25519 ',
      'gitlab.com ssh-ed25519 ',
      'bitbucket.org ssh-ed25519 ',
      'git.acme.example ssh-ed25519 ',
    ]);
    expect(stage('builder')).toContain('openssh-client');
    expect(stage('base')).not.toContain('openssh-client');
  });
});

/** Sources: "GitHub's SSH key fingerprints", "SSH host keys fingerprints" of GitLab.com, "Configure SSH" of Bitbucket. */
it('ships host keys with the fingerprints that their owners publish', () => {
  const [, keys] = /known_hosts\n(.*)\nEOF/s.exec(renderKnownHosts({ name: 'known-hosts', keys: '' }))!;
  const fingerprint = (line: string): string => {
    const [host, type, key] = line.split(' ');
    return `${host} ${type} ${createHash('sha256').update(Buffer.from(key!, 'base64')).digest('base64').slice(0, 43)}`;
  };
  expect(keys!.split('\n').map(fingerprint)).toEqual([
    'github.com ssh-ed25519 +DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    'github.com ecdsa-sha2-nistp256 p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM',
    'github.com ssh-rsa uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s',
    'gitlab.com ssh-ed25519 eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8',
    'gitlab.com ecdsa-sha2-nistp256 HbW3g8zUjNSksFbqTiUWPWg2Bq1x8xdGUrliXFzSnUw',
    'gitlab.com ssh-rsa ROQFvPThGrW4RuWLoL9tq9I9zJ42fK4XywyRtbOz/EQ',
    'bitbucket.org ssh-ed25519 ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM',
    'bitbucket.org ecdsa-sha2-nistp256 FC73VB6C4OQLSCrjEayhMp9UMxS97caD/Yyi2bhW/J0',
    'bitbucket.org ssh-rsa 46OSHA1Rmj8E8ERTC6xkNcmGOw9oFxYr0WF6zWW8l1E',
  ]);
});
