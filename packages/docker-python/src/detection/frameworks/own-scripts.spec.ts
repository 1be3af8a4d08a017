import { memoryFiles } from '../files';
import { scriptNames } from './own-scripts';

it.each([
  ['pyproject.toml', '[project.scripts]\nworker = "tasks.cli:main"\n', ['worker']],
  [
    'pyproject.toml',
    '[tool.poetry.scripts]\nworker = { reference = "p:main", type = "console" }\n',
    ['worker'],
  ],
  [
    'pyproject.toml',
    '[tool.poetry.scripts]\n"worker" = { type = "console", reference = "p:main" }\n',
    ['worker'],
  ],
  ['pyproject.toml', '[tool.poetry.scripts]\nworker = { callable = "p:main" }\n', ['worker']],
  ['pyproject.toml', '[tool.poetry.scripts.worker]\nreference = "p:main"\n', ['reference', 'worker']],
  ['pyproject.toml', '[tool.pdm.scripts]\nstart = "python a.py"\n', []],
  ['setup.cfg', '[options.entry_points]\nconsole_scripts =\n    worker = p.q:main\n', ['worker']],
  ['setup.py', 'setup(entry_points={"console_scripts": ["worker=p:main"]})', ['worker']],
])('names of programs in %s: %j', (file, text, expected) => {
  expect(scriptNames(memoryFiles({ [`libs/a/${file}`]: text }), 'libs/a')).toEqual(expected);
});
