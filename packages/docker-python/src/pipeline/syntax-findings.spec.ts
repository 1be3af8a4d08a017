import { memoryFiles } from '../detection/files';
import { below, FLASK } from '../testing/projects';
import { designImage } from './design-image';
import { syntaxFindings } from './syntax-findings';

/** What is said about a service with these files, and a library beside it. */
function said(service: Record<string, string>, elsewhere: Record<string, string> = {}): string {
  const files = memoryFiles({
    ...below('apps/api', { ...FLASK, ...service }),
    'libs/words/pyproject.toml':
      '[project]\nname = "words"\nversion = "1"\n[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n',
    ...elsewhere,
  });
  const design = designImage({ files, root: 'apps/api', otherRoots: ['apps/api', 'libs/words'] });
  return syntaxFindings(files, design)
    .map(({ message }) => message)
    .join('\n');
}

const BROKEN = 'x = 1\ny = (\n';

describe('files that Python cannot compile', () => {
  it('are none in an ordinary project', () => {
    expect(said({})).toBe('');
  });

  it('are named with their line', () => {
    expect(said({ 'shop/cart.py': BROKEN })).toContain('apps/api/shop/cart.py:3.');
  });

  it('are named in libraries of the image, and not in others', () => {
    const elsewhere = { 'libs/words/words.py': BROKEN, 'libs/other/other.py': BROKEN };
    expect(said({})).toBe('');
    expect(
      said({ 'requirements.txt': `${FLASK['requirements.txt']}-e ../../libs/words\n` }, elsewhere),
    ).toMatch(/: libs\/words\/words\.py:3\.$/);
  });

  it.each([
    'tests/test_a.py',
    '.venv/lib/a.py',
    'templates/a.py',
    '{{name}}/a.py',
    'node_modules/a/a.py',
    'notes.txt',
  ])('are no concern in %s', (path) => {
    expect(said({ [path]: BROKEN })).toBe('');
  });

  it('are counted where they are many', () => {
    const many = Object.fromEntries([...'abcde'].map((name) => [`old/${name}.py`, BROKEN]));
    expect(said(many)).toMatch(/old\/a\.py:3, .*old\/b\.py:3, .*old\/c\.py:3 and 2 more\.$/);
  });
});
