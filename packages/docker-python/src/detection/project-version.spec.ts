import { memoryFiles } from './files';
import { projectVersion } from './project-version';

it.each<[string | undefined, Record<string, string>]>([
  ['1.2.3', { 'pyproject.toml': '[project]\nname = "a"\nversion = "1.2.3"' }],
  ['1.2', { 'pyproject.toml': '[tool.poetry]\nname = "a"\nversion = "1.2"' }],
  ['2.0', { 'setup.cfg': '[metadata]\nname = a\nversion = 2.0\n' }],
  [undefined, { 'setup.cfg': '[metadata]\nname = a\nversion = attr: a.VERSION\n' }],
  [
    '3.1',
    {
      'pyproject.toml': '[project]\nname = "a"\ndynamic = ["version"]\n[tool.hatch.version]\npath = "a.py"',
      'a.py': '__version__ = "3.1"\n',
    },
  ],
  [
    undefined,
    {
      'pyproject.toml':
        '[project]\nname = "a"\ndynamic = ["version"]\n[tool.setuptools_scm]\nfallback_version = "0"',
    },
  ],
  [undefined, { 'pyproject.toml': '[project]\nname = "a"\nversion = "one two"' }],
  [undefined, { 'requirements.txt': 'flask==3.1.0\n' }],
])('%s', (version, files) => {
  const below = Object.fromEntries(Object.entries(files).map(([path, text]) => [`apps/a/${path}`, text]));
  expect(projectVersion(memoryFiles(below), 'apps/a')).toBe(version);
});
