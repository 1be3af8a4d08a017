import { memoryFiles } from './files';
import { packageMetadata } from './package-metadata';

const of = (pyproject: string): object =>
  packageMetadata(memoryFiles({ 'apps/api/pyproject.toml': pyproject }), 'apps/api');

it.each<[string, string, object]>([
  [
    'both',
    '[project]\nname = "x"\ndescription = "Sells"\nlicense = "MIT"\n',
    { description: 'Sells', licenses: 'MIT' },
  ],
  ['lines become one', '[project]\ndescription = """\n A\n  shop """\n', { description: 'A shop' }],
  ['of Poetry', '[tool.poetry]\ndescription = "P"\nlicense = "ISC"\n', { description: 'P', licenses: 'ISC' }],
  [
    '[project] before Poetry',
    '[project]\ndescription = "A"\n[tool.poetry]\ndescription = "B"\n',
    { description: 'A' },
  ],
  ['a license that is a table is no expression', '[project]\nlicense = { file = "LICENSE" }\n', {}],
  ['empty texts are none', '[project]\ndescription = ""\nlicense = ""\n', {}],
  ['nothing', '[project]\nname = "x"\n', {}],
  ['what cannot be read', '[project\n', {}],
])('%s', (_, pyproject, wanted) => {
  expect(of(pyproject)).toEqual(wanted);
});

it('has nothing without a pyproject.toml', () => {
  expect(packageMetadata(memoryFiles({}), 'apps/api')).toEqual({});
});
