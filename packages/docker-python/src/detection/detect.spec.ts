import { detectDistribution } from './distribution';
import { memoryFiles } from './files';

/** Which file names a project, and what it says. */
test.each([
  ['project', 'pyproject.toml', '[project]\nname = "My.Api"\n', 'my-api', 'project in a/pyproject.toml'],
  ['Poetry', 'pyproject.toml', '[tool.poetry]\nname = "api_x"\n', 'api-x', 'tool.poetry in a/pyproject.toml'],
  [
    'old Flit',
    'pyproject.toml',
    '[tool.flit.metadata]\nmodule = "m"\n',
    'm',
    'tool.flit.metadata in a/pyproject.toml',
  ],
  ['setup.cfg', 'setup.cfg', '[metadata]\nversion = 1\nname = shop\n', 'shop', 'metadata in a/setup.cfg'],
  ['setup.cfg of a linter', 'setup.cfg', '[flake8]\nname = no\n', 'a', 'the name of its folder'],
  [
    'setup.py',
    'setup.py',
    'setup(\n    version="1",\n    name="letters",\n)\n',
    'letters',
    'setup() in a/setup.py',
  ],
  ['a computed name', 'setup.py', 'setup(name=NAME)\n', 'a', 'the name of its folder'],
  ['no name', 'requirements.txt', 'flask\n', 'a', 'the name of its folder'],
])('%s', (_, file, text, value, from) => {
  expect(detectDistribution(memoryFiles({ [`a/${file}`]: text }), 'a')).toEqual({ value, from });
});
