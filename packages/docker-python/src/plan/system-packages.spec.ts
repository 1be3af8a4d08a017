import { distributionName, type Requirement } from '../detection/types';
import { sampleProject } from '../testing/projects';
import { chooseBase } from './bases';
import { NEEDS } from './system-package-table';
import { systemPackages, type SystemPackagesQuestion } from './system-packages';

const requirement = (name: string, more: Partial<Requirement> = {}): Requirement => ({
  name: distributionName(name),
  ...more,
});

function ask(
  requirements: readonly Requirement[],
  more: Partial<SystemPackagesQuestion> = {},
): ReturnType<typeof systemPackages> {
  return systemPackages({
    project: sampleProject({ requirements }),
    builds: [],
    codeNeeds: [],
    release: 'trixie',
    systemPython: false,
    settings: {},
    ssh: false,
    ...more,
  });
}

const names = (found: readonly { readonly value: string }[]): string =>
  found.map(({ value }) => value).join(' ');

describe('the system packages', () => {
  it.each<[string, Requirement[], string, string]>([
    ['nothing for what brings its own', [requirement('psycopg2-binary'), requirement('flask')], '', ''],
    ['psycopg2 has no wheels at all', [requirement('psycopg2')], 'gcc libc6-dev libpq-dev', 'libpq5'],
    ['psycopg loads libpq', [requirement('psycopg')], '', 'libpq5'],
    ['psycopg[binary] has it', [requirement('psycopg', { extras: ['binary'] })], '', ''],
    ['psycopg-binary in a lock, too', [requirement('psycopg'), requirement('psycopg-binary')], '', ''],
    [
      'psycopg[c] is compiled',
      [requirement('psycopg', { extras: ['c'] })],
      'gcc libc6-dev libpq-dev',
      'libpq5',
    ],
    [
      'psycopg-c in a lock',
      [requirement('psycopg'), requirement('psycopg-c', { wheels: [] })],
      'gcc libc6-dev libpq-dev',
      'libpq5',
    ],
    [
      'a wheel of the lock fits',
      [requirement('lxml', { wheels: ['lxml-5-cp313-cp313-manylinux_2_17_x86_64.whl'] })],
      '',
      '',
    ],
    [
      'none of the lock fits',
      [requirement('lxml', { wheels: ['lxml-5-cp38-cp38-manylinux_2_17_x86_64.whl'] })],
      'gcc libc6-dev libxml2-dev libxslt1-dev zlib1g-dev',
      'libxml2 libxslt1.1',
    ],
    ['an unknown one without a wheel', [requirement('oddity', { wheels: [] })], 'g++ make', ''],
    ['a program that no import reveals', [requirement('faster-whisper')], '', 'ffmpeg'],
    ['a library that is opened by its name', [requirement('python-magic')], '', 'libmagic1'],
    [
      'each package once, in order',
      [requirement('pydub'), requirement('moviepy'), requirement('cairosvg')],
      '',
      'ffmpeg libcairo2',
    ],
  ])('%s', (_, requirements, build, runtime) => {
    const found = ask(requirements);
    expect([names(found.build), names(found.runtime)]).toEqual([build, runtime]);
  });

  it('say what asked for them', () => {
    const { runtime } = ask([requirement('pydub'), requirement('moviepy')], {
      settings: { runtime: ['ffmpeg', 'jq'] },
    });
    expect(runtime).toEqual([
      { value: 'ffmpeg', from: 'pydub; moviepy; "systemPackages.runtime" in the settings' },
      { value: 'jq', from: '"systemPackages.runtime" in the settings' },
    ]);
  });

  it('are only those of the user where inference is off, or the base is unknown', () => {
    const settings = { runtime: ['jq'] };
    expect(names(ask([requirement('psycopg')], { settings: { ...settings, infer: false } }).runtime)).toBe(
      'jq',
    );
    expect(names(ask([requirement('psycopg')], { settings, release: undefined }).runtime)).toBe('jq');
  });

  it('are those of our own steps as well, inferred or not', () => {
    const more = { ssh: true, systemPython: true };
    const build = (settings: SystemPackagesQuestion['settings']): string =>
      names(ask([requirement('psycopg2')], { ...more, settings }).build);
    expect(build({ infer: false })).toBe('git openssh-client python3.13-venv');
    expect(build({})).toBe('gcc git libc6-dev libpq-dev openssh-client python3.13-dev python3.13-venv');
  });

  it('have git for what comes from a repository', () => {
    const { recipe } = sampleProject();
    const project = sampleProject({ recipe: { ...recipe, hashed: false } });
    expect(names(ask([], { project }).build)).toBe('git');
  });

  it('have other names elsewhere', () => {
    const one = [requirement('python-ldap')];
    expect(names(ask(one, { release: 'bookworm' }).runtime)).toBe('libldap-2.5-0 libsasl2-2');
    expect(names(ask(one, { release: 'rhel9', systemPython: true }).build)).toBe(
      'cyrus-sasl-devel gcc openldap-devel python3.13-devel',
    );
  });

  it('that a distribution does not have are a finding', () => {
    const { runtime, findings } = ask([requirement('pydub')], { release: 'rhel9' });
    expect(runtime).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'system-package-unavailable', message: expect.stringContaining('ffmpeg') },
    ]);
  });

  it('of the project itself have a compiler for its backend', () => {
    const build = (backend: string): string =>
      names(
        ask([], {
          builds: [
            {
              backend,
              compiled: { value: 'backend', from: 'x' },
              requires: [backend],
              hasSetupPy: false,
              versionUnknown: false,
              manifests: [],
            },
          ],
        }).build,
      );
    expect(build('mesonpy')).toBe('g++ make');
    expect(build('maturin')).toBe('cargo g++ make rustc');
  });
});

it('knows names in every column, in normalised form', () => {
  for (const { when, unless = [] } of NEEDS) {
    for (const name of [...when, ...unless]) expect(name).toMatch(/^[a-z0-9]+([-.][a-z0-9]+)*(\[[a-z]+\])?$/);
  }
});

describe('the base', () => {
  it.each([
    ['python:3.13-slim-trixie', 'debian', 'trixie', false],
    ['python:3.13-slim-bookworm', 'debian', 'bookworm', false],
    ['python:3.13', 'debian', 'trixie', false],
    ['registry.example.com:5000/mirror/python:3.12-bookworm@sha256:0', 'debian', 'bookworm', false],
    ['debian:13-slim', 'debian', 'trixie', true],
    ['ubuntu:24.04', 'ubuntu', 'noble', true],
    ['registry.access.redhat.com/ubi9/python-312', 'rhel', 'rhel9', true],
    ['rockylinux:9-minimal', 'rhel', 'rhel9', true],
    ['almalinux:9', 'rhel', 'rhel9', true],
    ['nvcr.io/nvidia/pytorch:25.01-py3', 'debian', 'trixie', false],
  ])('%s is of a known family', (reference, family, release, systemPython) => {
    expect(chooseBase(reference, '3.13')).toMatchObject({ reference, family, release, systemPython });
  });

  it.each(['python:3.13-alpine', 'python:{python}-alpine3.20', 'alpine:3', 'acme/alpine-python'])(
    '%s is refused',
    (base) => {
      expect(() => chooseBase(base, '3.13')).toThrow(/musl/);
    },
  );

  it('is of the family that the user says', () => {
    expect(chooseBase({ image: 'python:{python}-alpine', family: 'alpine' }, '3.13').family).toBe('alpine');
    expect(chooseBase({ image: 'acme/base:7', family: 'rhel' }, '3.13')).toMatchObject({
      family: 'rhel',
      release: 'rhel9',
    });
  });
});
