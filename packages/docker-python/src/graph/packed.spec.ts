import fc from 'fast-check';
import { packed, unpacked } from './packed';

it('any JSON comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const kept: unknown = JSON.parse(JSON.stringify(packed(value)));
      expect(unpacked(kept as ReturnType<typeof packed>)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('each text stands once, and is no number', () => {
  const value = { a: { inputs: ['1', 1, 'x'] }, b: { inputs: ['x', '1', undefined], none: undefined } };
  expect(packed(value).leaves).toEqual(['1', 1, 'x', null]);
  expect(unpacked(packed(value))).toEqual({ a: { inputs: ['1', 1, 'x'] }, b: { inputs: ['x', '1', null] } });
});
