import { memoryFiles } from '../files';
import { chooseManager } from '.';

const LIBRARY = '[project]\nname = "core"\nversion = "1"\n';

it.each([
  [
    'uv',
    '[project]\nname = "api"\ndependencies = ["core"]\n[tool.uv.sources]\ncore = { path = "../core" }\n',
  ],
  [
    'poetry',
    '[tool.poetry]\nname = "api"\n[tool.poetry.dependencies]\npython = "^3.12"\ncore = { path = "../core" }\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
  ],
  [
    'pdm',
    '[project]\nname = "api"\ndependencies = ["core @ file:///${PROJECT_ROOT}/../core"]\n[tool.pdm]\nx = 1\n',
  ],
])('%s without a lock: the libraries that the manifest names, with their manifests', (manager, pyproject) => {
  const files = memoryFiles({ 'api/pyproject.toml': pyproject, 'core/pyproject.toml': LIBRARY });
  const facts = chooseManager({ files, root: 'api', extras: [], groups: [] });
  expect(facts.manager.value).toBe(manager);
  expect(facts.localPackages.map(({ path }) => path)).toEqual(['core']);
  expect(facts.recipe.files).toContain('core/pyproject.toml');
});
