import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path: string): string => readFileSync(join(__dirname, path), 'utf8');
const codes = [...read('errors.ts').matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code!);
const rows = [...read('../../../docs/troubleshooting.md').matchAll(/^\| `([A-Z_]+)` +\| *(\S.*?) *\|$/gm)];

describe('the page on errors', () => {
  it('has a row for every code, and for nothing else', () => {
    expect(codes.length).toBeGreaterThan(40);
    expect(rows.map(([, code]) => code).sort()).toEqual([...codes].sort());
  });

  it.each(rows.map(([, code, words]) => [code, words] as const))('%s: says what to do', (_, words) => {
    expect(words!.length).toBeGreaterThan(25);
  });
});
