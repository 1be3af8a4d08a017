import { readPins } from '../../pins/read-pins';
import { failureOf } from '../../testing/failures';
import { refuseUnknown } from './unknown-packages';

const PINS = [readPins('flask==3\n'), readPins('my-lib==1\n')];

test('names of pinned packages, however they are written', () => {
  refuseUnknown(['Flask', 'my_lib'], PINS);
  refuseUnknown(['anything'], [readPins('')]);
});

test.each([
  ['flusk', 'PINS_UNKNOWN_PACKAGE', 'Did you mean flask?'],
  ['entirely-different', 'PINS_UNKNOWN_PACKAGE', 'Check its spelling.'],
  ['flask==3.1', 'INVALID_SETTINGS', 'Write --upgrade-package=NAME'],
  ['--output', 'INVALID_SETTINGS', 'Write --upgrade-package=NAME'],
])('%s is refused', (name, code, hint) => {
  expect(failureOf(() => refuseUnknown([name], PINS))).toMatchObject({
    code,
    hint: expect.stringContaining(hint) as string,
  });
});
