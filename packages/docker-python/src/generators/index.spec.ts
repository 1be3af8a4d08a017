import { generators } from '../../generators.json';
import * as callable from './index';

it('every generator can be called from another one, by its name', () => {
  expect(Object.keys(callable).sort()).toEqual(Object.keys(generators).sort());
});
