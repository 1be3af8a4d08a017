import fc from 'fast-check';
import { managed, ownership } from './managed';

describe('a managed file', () => {
  it('is recognised, whatever is in it and whatever git made of its line ends', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const text = managed(lines.join('\n').replaceAll('\r', ''));
        expect(ownership(text)).toBe('managed');
        expect(ownership(text.replaceAll('\n', '\r\n'))).toBe('managed');
      }),
    );
  });

  it('is edited as soon as anything else changes', () => {
    const body = fc.stringMatching(/^[a-z \n]{1,40}$/);
    fc.assert(
      fc.property(body, fc.nat(), (text, at) => {
        const file = managed(text);
        const place = file.indexOf('\n') + 1 + (at % (text.length + 1));
        expect(ownership(`${file.slice(0, place)}!${file.slice(place)}`)).toBe('edited');
        expect(ownership(`${file}\n`)).toBe('edited');
        expect(ownership(file.slice(0, -1))).toBe('edited');
      }),
    );
  });

  it.each([
    '',
    'FROM python:3.13\n',
    '# Managed by docker-python\n',
    '\n# Managed by docker-python (checksum 0123456789abcdef). x\n',
  ])('is not %j', (text) => expect(ownership(text)).toBe('foreign'));

  it('says in its first line what to do instead of editing it', () => {
    expect(managed('x').split('\n')[0]).toMatch(
      /^# Managed by docker-python \(checksum [0-9a-f]{16}\)\. .*docker-python\.json.*nx sync$/,
    );
  });

  it('keeps its checksum for the same body, since everyone who renders it has to agree', () => {
    expect(managed('FROM x\n')).toMatchInlineSnapshot(`
      "# Managed by docker-python (checksum 5e50475e952eb91b). Change docker-python.json instead, then run: nx sync
      FROM x
      "
    `);
  });
});
