import { PROPERTIES } from '../../inspection/properties';
import { printReport } from './image';

describe('the report on an image', () => {
  const text = printReport({
    image: 'registry.example.com/acme/api:1',
    properties: PROPERTIES.map(({ id, title, hint }, i) =>
      i % 2 === 0 ? { id, title } : { id, title, problem: '/some/long/path/of/a/file.py, '.repeat(6), hint },
    ),
  });

  it('says first what does not hold, with what to do, then what holds', () => {
    expect(text.indexOf('  no  ')).toBeLessThan(text.indexOf('  yes  '));
    expect(text.match(/What to do:/g)).toHaveLength(Math.floor(PROPERTIES.length / 2));
    expect(text).toContain(`${Math.ceil(PROPERTIES.length / 2)} of ${PROPERTIES.length} hold`);
  });

  it('fits on 80 columns', () => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
