import { distributionName } from '../../detection/types';
import { parseWith } from '../../settings/parse';
import { settingsSchema } from '../../settings/schema';
import { failureOf } from '../../testing/failures';
import { serverPins } from './server-pins';

const AT = { declared: 'apps/api/requirements.txt' };

describe('servers that setup can add', () => {
  it.each(['gunicorn', 'uvicorn', 'hypercorn', 'granian', 'waitress'])(
    '%s comes with everything it needs, pinned, hashed, in a form that the settings take',
    (server) => {
      const extraRequirements = serverPins(server, [], '3.13', AT);
      expect(extraRequirements.some((entry) => entry.startsWith(`${server}==`))).toBe(true);
      expect(parseWith(settingsSchema, { extraRequirements }, 'test')).toEqual({ extraRequirements });
    },
  );

  it('what the project has pinned is left out: its own pins win', () => {
    const present = [
      { name: distributionName('click'), version: '8.0.0' },
      { name: distributionName('h11') },
    ];
    const names = serverPins('uvicorn', present, '3.10', AT).map((entry) => entry.split('==')[0]);
    expect(names).toEqual(['h11', 'uvicorn']);
  });

  it('any other has to be declared by the project', () => {
    expect(() => serverPins('daphne', [], '3.13', AT)).toThrow(
      expect.objectContaining({ code: 'COMMAND_NOT_FOUND' }) as Error,
    );
  });
});

describe('a Python that is too old for the kept server is a question, not an image that cannot be built', () => {
  it.each([
    ['gunicorn', '3.6'],
    ['gunicorn', '3.9'],
    ['uvicorn', '3.9'],
    ['waitress', '3.8'],
  ])('%s, %s', (server, python) => {
    expect(failureOf(() => serverPins(server, [], python, AT))).toMatchObject({
      code: 'COMMAND_NOT_FOUND',
      message: expect.stringContaining(`the image has ${python}.`),
      hint: expect.stringContaining(`Add a ${server} that runs on Python ${python}`),
    });
  });

  it('names the list that was chosen, and the one that the Dockerfile installs', () => {
    const where = { ...AT, otherList: 'apps/api/requirements/docker.txt' };
    expect(failureOf(() => serverPins('gunicorn', [], '3.6', where))).toMatchObject({
      message: expect.stringContaining('which apps/api/requirements.txt does not have'),
      hint: expect.stringContaining('The Dockerfile installs apps/api/requirements/docker.txt'),
    });
  });
});

describe('the setting extraRequirements', () => {
  it.each([
    'gunicorn',
    'gunicorn>=23',
    'gunicorn==23.0.0',
    `gunicorn==23.0.0 --hash=sha256:${'a'.repeat(63)}`,
    `gunicorn==23.0.0 --hash=sha256:${'a'.repeat(64)}\nEOF`,
    `gunicorn==23.0.0; $(id) --hash=sha256:${'a'.repeat(64)}`,
    `-r other.txt --hash=sha256:${'a'.repeat(64)}`,
  ])('does not take %j', (entry) => {
    expect(() => parseWith(settingsSchema, { extraRequirements: [entry] }, 'test')).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTINGS' }) as Error,
    );
  });
});
