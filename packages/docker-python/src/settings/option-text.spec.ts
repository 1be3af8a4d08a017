import { failureOf } from '../testing/failures';
import { optionText } from './option-text';
import { readOptionSettings } from './resolve';

const settings = (options: Record<string, unknown>): object =>
  readOptionSettings(options, 'the options').settings;

describe('what Nx has made a number of', () => {
  it.each<[Record<string, unknown>, object]>([
    [{ image: 42 }, { image: '42' }],
    [{ tags: 7 }, { tags: ['7'] }],
    [{ tags: [7, 'v1'] }, { tags: ['7', 'v1'] }],
    [{ port: 8000 }, { port: 8000 }],
    [
      { buildInfo: true, tags: ['v1'] },
      { buildInfo: true, tags: ['v1'] },
    ],
    [{ python: 3.13 }, { python: '3.13' }],
  ])('is the text that was written: %j', (options, read) => {
    expect(settings(options)).toEqual(read);
  });

  it.each([
    ['tags', 1.1],
    ['tags', [2, 1.1]],
    ['image', 1.5],
  ])('is refused where the text is lost: --%s=%j', (option, value) => {
    const error = failureOf(() => settings({ [option]: value }));
    expect([error.code, error.hint]).toEqual([
      'INVALID_SETTINGS',
      expect.stringMatching(`--${option}=v1\\.[15]`),
    ]);
  });

  it('is as wrong as before where no text would do', () => {
    expect(failureOf(() => settings({ port: 99999 })).message).toContain('"port" is wrong');
    expect(failureOf(() => settings({ ssh: 1 })).message).toContain('"ssh" is wrong');
  });

  it('stays what it is as a text', () => {
    expect(optionText('1.10', 'tag')).toBe('1.10');
  });
});
