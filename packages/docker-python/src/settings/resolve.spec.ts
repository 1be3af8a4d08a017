import { failureOf } from '../testing/failures';
import {
  readEnvironment,
  readOptionSettings,
  readPluginOptions,
  readSettingsFile,
  resolveSettings,
} from './resolve';

describe('resolveSettings', () => {
  it('lets the later source win and says which one it was', () => {
    const { settings, sources } = resolveSettings([
      { from: 'nx.json', settings: { port: 1, python: '3.12', registry: 'r' } },
      { from: 'docker-python.json', settings: { port: 2, python: '3.13' } },
      { from: 'the environment', settings: { port: 3 } },
    ]);
    expect(settings).toEqual({ port: 3, python: '3.13', registry: 'r' });
    expect(sources).toEqual({ port: 'the environment', python: 'docker-python.json', registry: 'nx.json' });
  });

  it('merges labels and environment key by key, names both sources, and lets the later key win', () => {
    const { settings, sources } = resolveSettings([
      { from: 'nx.json', settings: { env: { A: '1', B: '1' }, labels: { team: 'x' } } },
      { from: 'the file', settings: { env: { B: '2', C: '2' } } },
    ]);
    expect(settings).toEqual({ env: { A: '1', B: '2', C: '2' }, labels: { team: 'x' } });
    expect(sources).toEqual({ env: 'nx.json and the file', labels: 'nx.json' });
  });

  it('replaces lists and nested objects whole', () => {
    const { settings } = resolveSettings([
      { from: 'a', settings: { extras: ['x'], systemPackages: { build: ['gcc'] } } },
      { from: 'b', settings: { extras: [], systemPackages: { runtime: ['libpq5'] } } },
    ]);
    expect(settings).toEqual({ extras: [], systemPackages: { runtime: ['libpq5'] } });
  });

  it('ignores what is undefined and keeps what is false', () => {
    const { settings } = resolveSettings([
      { from: 'a', settings: { caBundle: 'auto', port: 1 } },
      { from: 'b', settings: { caBundle: false, port: undefined } },
    ]);
    expect(settings).toEqual({ caBundle: false, port: 1 });
  });

  it('changes none of its sources', () => {
    const first = { from: 'a', settings: { env: { A: '1' } } };
    resolveSettings([first, { from: 'b', settings: { env: { B: '2' } } }]);
    expect(first.settings).toEqual({ env: { A: '1' } });
  });
});

describe('the sources', () => {
  it('keep $schema and version out of the settings', () => {
    expect(readSettingsFile('{"$schema":"s","version":1,"port":80}', 'f')).toEqual({
      from: 'f',
      settings: { port: 80 },
    });
  });

  it('take a plugin that is registered by its bare name', () => {
    expect(readPluginOptions(undefined)).toEqual({});
  });

  it('take the settings among the options and leave the others', () => {
    const options = { project: 'api', overwrite: true, port: 80, image: undefined, toString: 'x' };
    expect(readOptionSettings(options, 'options')).toEqual({ from: 'options', settings: { port: 80 } });
  });

  it('read the environment, where an empty variable counts as none', () => {
    const read = (env: Record<string, string>): object => readEnvironment(env).settings;
    expect(read({ DOCKER_PYTHON_IMAGE: 'x', DOCKER_PYTHON_REGISTRY: '', HOME: '/h' })).toEqual({
      image: 'x',
    });
    expect(read({ DOCKER_PYTHON_EXTRA_BUILD_ARGS: ' --ulimit  nofile=4096\n' })).toEqual({
      extraBuildArgs: ['--ulimit', 'nofile=4096'],
    });
    expect(read({ DOCKER_PYTHON_EXTRA_BUILD_ARGS: '  ' })).toEqual({});
    expect(read({ DOCKER_PYTHON_STORE: 'engine' })).toEqual({ store: 'engine' });
    expect(failureOf(() => read({ DOCKER_PYTHON_STORE: 'engin' }))).toMatchObject({
      code: 'INVALID_SETTINGS',
    });
  });
});

describe('the Python of a command line', () => {
  const python = (value: unknown): unknown =>
    readOptionSettings({ python: value }, 'the options of this run').settings.python;

  it.each([
    [3.13, '3.13'],
    [3.9, '3.9'],
    ['3.13', '3.13'],
    ['python3.10', '3.10'],
  ])('%j is %s', (value, expected) => expect(python(value)).toBe(expected));

  it('cannot be 3.1, which 3.10 becomes: the spelling that stays a text is named', () => {
    expect(failureOf(() => python(3.1))).toMatchObject({
      code: 'INVALID_SETTINGS',
      hint: expect.stringContaining('--python=python3.10') as string,
    });
  });
});
