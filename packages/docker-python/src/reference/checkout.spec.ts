import { checkoutOf } from './checkout';

it.each([
  ['master', 'default'],
  ['main', 'default'],
  ['feature', 'branch'],
])('takes %s for the kind %s where nobody names the default branch', (branch, event) => {
  expect(checkoutOf([{ branch }], false)).toMatchObject({ event });
});
