import fc from 'fast-check';
import { failureOf, onlyOurErrors } from '../testing/failures';
import { parseJson } from './parse';
import { readEnvironment, readOptionSettings, readPluginOptions, readSettingsFile } from './resolve';
import { settingsShape } from './schema';

const file = (settings: unknown): string => JSON.stringify({ version: 1, ...(settings as object) });
const read = (settings: unknown): object =>
  readSettingsFile(file(settings), 'apps/api/docker-python.json').settings;

describe('an unknown key', () => {
  it.each([
    [{ comand: 'x' }, '"comand"', 'Did you mean "command"?'],
    [{ Port: 1 }, '"Port"', 'Did you mean "port"?'],
    [
      { systemPackages: { runtme: [] } },
      '"systemPackages.runtme"',
      'Did you mean "runtime"? Known keys: build, runtime',
    ],
    [{ kubernetes: true }, '"kubernetes"', 'Remove it. Known keys: '],
    [{ smokeTest: { pth: '/x' } }, '"smokeTest.pth"', 'Did you mean "path"? Known keys: '],
    [
      { processes: { web: { comand: 'x' } } },
      '"processes.web.comand"',
      'Did you mean "command"? Known keys: command, port, ',
    ],
    [
      { buildEnv: { A: { secret: { env: 'A', fle: 'a' } } } },
      '"buildEnv.A.secret.fle"',
      'Did you mean "file"?',
    ],
    [
      { healthCheck: { intervall: '1s' } },
      '"healthCheck.intervall"',
      'Did you mean "interval"? Known keys: ',
    ],
  ])('%j', (settings, named, hint) => {
    const error = failureOf(() => read(settings));
    expect(error.code).toBe('UNKNOWN_SETTING');
    expect(error.message).toBe(`apps/api/docker-python.json: there is no key ${named}.`);
    expect(error.hint).toContain(hint);
  });

  it('is refused in the options of nx.json too', () => {
    const error = failureOf(() => readPluginOptions({ defaults: { registri: 'x' } }));
    expect(error).toMatchObject({ code: 'UNKNOWN_SETTING', hint: expect.stringContaining('"registry"') });
    expect(failureOf(() => readPluginOptions({ targets: { biuld: 'x' } })).hint).toContain(
      'Did you mean "build"?',
    );
  });
});

describe('a value of the wrong kind', () => {
  it.each<[object, string]>([
    [{ port: '8000' }, 'port'],
    [{ port: 0 }, 'port'],
    [{ port: 65536 }, 'port'],
    [{ port: 80.5 }, 'port'],
    [{ python: '3' }, 'python'],
    [{ python: '3.13.1' }, 'python'],
    [{ python: 3.13 }, 'python'],
    [{ manager: 'conda' }, 'manager'],
    [{ include: 'x' }, 'include'],
    [{ include: [1] }, 'include.0'],
    [{ command: [] }, 'command'],
    [{ command: '' }, 'command'],
    [{ env: { A: 1 } }, 'env.A'],
    [{ env: { 'A B': 'x' } }, 'env.A B'],
    [{ env: { '1A': 'x' } }, 'env.1A'],
    [{ platforms: [] }, 'platforms'],
    [{ platforms: ['amd64'] }, 'platforms.0'],
    [{ systemPackages: { build: ['libpq-dev; true'] } }, 'systemPackages.build.0'],
    [{ systemPackages: { build: ['--allow-unauthenticated'] } }, 'systemPackages.build.0'],
    [{ caBundle: true }, 'caBundle'],
    [{ image: '' }, 'image'],
  ])('%j is wrong at %j', (settings, place) => {
    const error = failureOf(() => read(settings));
    expect(error.code).toBe('INVALID_SETTINGS');
    expect(error.message).toContain(`"${place}" is wrong: `);
    expect(error.message).toContain('apps/api/docker-python.json');
    expect(error.hint).toContain(place);
  });

  it.each<[object, string]>([
    [{ port: '8000' }, 'it is a string, not a number.'],
    [{ include: 'x' }, 'it is a string, not an array.'],
    [{ env: [] }, 'it is an array, not an object.'],
    [{ include: [null] }, 'it is null, not a string.'],
    [{ healthCheck: '/healthz' }, 'it is a string, not an object.'],
    [{ port: 99999 }, 'it is greater than 65535.'],
    [{ command: [] }, 'it is empty.'],
    [
      { processes: { web: { command: 'x', smokeTest: { script: 'test.sh' } } } },
      'a script tests the whole image, so it belongs to "smokeTest" beside "processes".',
    ],
  ])('%j is said in JSON words', (settings, words) => {
    expect(failureOf(() => read(settings)).message).toContain(`is wrong: ${words}`);
  });

  it('comes with the keys of an object', () => {
    expect(failureOf(() => read({ healthCheck: '/healthz' })).hint).toContain('Its keys: path, interval, ');
    expect(failureOf(() => read({ systemPackages: ['libpq5'] })).hint).toContain('Its keys: build, runtime');
  });

  it('comes with what the key is for', () => {
    expect(failureOf(() => read({ port: 'x' })).hint).toContain('It is: Port that the process listens on.');
  });

  it.each([['image'], ['registry'], ['base'], ['command'], ['caBundle']])(
    '%s takes no control characters',
    (key) => {
      for (const value of ['a\nb', 'a\u0000', '\u007f', 'a\tb', 'a\r']) {
        expect(failureOf(() => read({ [key]: value })).code).toBe('INVALID_SETTINGS');
      }
    },
  );

  it.each([
    ['API_TOKEN', 'ghp_16C7e42F'],
    ['SECRET_KEY', 'x'],
    ['DATABASE_URL', 'postgres://u:hunter2@db/x'],
  ])('takes no secret into the environment of an image: %s', (name, value) => {
    const { message } = failureOf(() => read({ env: { [name]: value } }));
    expect(message).toContain(`"env.${name}" is wrong`);
    expect(message).toContain('give it to the container when it starts');
    expect(message).not.toContain(value);
  });

  it.each([
    ['SECRET_KEY', ''],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', '30'],
    ['GOOGLE_APPLICATION_CREDENTIALS', '/run/secrets/google.json'],
    ['TOKEN_URL', 'https://login.example.com'],
  ])('takes what only sounds like a secret: %s', (name, value) => {
    expect(read({ env: { [name]: value } })).toEqual({ env: { [name]: value } });
  });

  it('lets no environment variable break out of its line of the Dockerfile', () => {
    const error = failureOf(() => read({ env: { A: 'x"\nRUN evil' } }));
    expect(error.code).toBe('INVALID_SETTINGS');
  });
});

describe('text that is no settings file', () => {
  it.each(['', '{', '{ "version": 1, }', '// no\n{}', 'undefined'])('%j', (text) => {
    expect(failureOf(() => readSettingsFile(text, 'x.json'))).toMatchObject({
      code: 'INVALID_SETTINGS',
      message: expect.stringContaining('x.json is not valid JSON'),
    });
  });

  it.each(['null', '[]', '1', '"x"', '{}'])('%s', (text) => {
    expect(failureOf(() => readSettingsFile(text, 'x.json')).code).toBe('INVALID_SETTINGS');
  });

  it('may begin with a byte order mark', () => {
    expect(parseJson('\uFEFF{"a":1}', 'x')).toEqual({ a: 1 });
  });
});

describe('any value at all', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(...Object.keys(settingsShape), 'version', '__proto__', 'toString'),
      fc.jsonValue(),
    ),
  );

  it('is settings or an error of ours', () => {
    fc.assert(
      fc.property(anything, (value) => {
        onlyOurErrors(() => readSettingsFile(JSON.stringify(value), 'x.json'));
        onlyOurErrors(() => readPluginOptions(value));
        onlyOurErrors(() => readPluginOptions({ defaults: value }));
      }),
    );
  });

  it('is settings or an error of ours as options', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        onlyOurErrors(() => readOptionSettings(value, 'options'));
      }),
    );
  });

  it('is settings or an error of ours as text and as environment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        onlyOurErrors(() => readSettingsFile(text, 'x.json'));
        onlyOurErrors(() =>
          readEnvironment({ DOCKER_PYTHON_IMAGE: text, DOCKER_PYTHON_EXTRA_BUILD_ARGS: text }),
        );
      }),
    );
  });
});
