import fc from 'fast-check';
import { readSliceText, sliceText } from './slice-file';

const DIGEST = 'ab'.repeat(32);
const text = sliceText('uv.lock', DIGEST, 'flask==3\n');

it('is read as it was written, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), (body) => {
      fc.pre(!/[<>=|]{7}/.test(body) && !body.includes('\r'));
      expect(readSliceText(sliceText('uv.lock', DIGEST, body))).toEqual({
        ownership: 'managed',
        digest: DIGEST,
        body,
      });
    }),
  );
});

it('says on top who manages it, from which lock, and how it is renewed', () => {
  expect(text.split('\n')[0]).toMatch(/^# Managed by docker-python .*uv\.lock.*npx nx sync$/);
});

it.each([
  ['with the line ends of Windows', text.replaceAll('\n', '\r\n'), 'managed'],
  ['with another version', text.replace('flask==3', 'flask==4'), 'edited'],
  ['with a line more', `${text}idna==3\n`, 'edited'],
  ['that nobody wrote with this tool', 'flask==3\n', 'foreign'],
  ['after a merge', `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> main\n`, 'conflicted'],
])('a slice %s', (_, changed, ownership) => {
  expect(readSliceText(changed).ownership).toBe(ownership);
});
