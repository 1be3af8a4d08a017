import { memoryFiles } from '../detection/files';
import { type InferredProject, inferProjects, nameFindings } from './inferred-projects';

const package_ = (name: string, needs: readonly string[] = []): string =>
  `[project]\nname = "${name}"\ndependencies = [${needs.map((path) => `"x @ file:${path}"`).join(', ')}]\n`;

function infer(texts: Readonly<Record<string, string>>, createProjects = true): readonly InferredProject[] {
  const paths = Object.keys(texts);
  const settings = paths.filter((path) => path.endsWith('docker-python.json'));
  const named = paths.filter((path) => /(project|package)\.json$/.test(path));
  return inferProjects(memoryFiles(texts), { settings, named }, createProjects);
}

it('libraries become projects, those of libraries too, each once', () => {
  const service = {
    'docker-python.json': '{}',
    'pyproject.toml': package_('A', ['../../libs/x', '../../libs/y']),
  };
  expect(
    infer({
      'apps/a/docker-python.json': service['docker-python.json'],
      'apps/a/pyproject.toml': service['pyproject.toml'],
      'apps/b/docker-python.json': '{}',
      'apps/b/pyproject.toml': package_('b', ['../../libs/x']),
      'libs/x/pyproject.toml': package_('Acme.X', ['../z']),
      'libs/y/project.json': '{"name":"y"}',
      'libs/y/pyproject.toml': package_('acme-y', ['../y2']),
      'libs/y2/setup.py': 'setup(name="acme_y2")',
      'libs/z/pyproject.toml': package_('acme-z', ['../x']),
      'libs/unused/pyproject.toml': package_('unused'),
    }),
  ).toEqual([
    { root: 'apps/a', name: 'a' },
    { root: 'apps/b', name: 'b' },
    { root: 'libs/x', name: 'acme-x', neededBy: 'apps/a' },
    { root: 'libs/z', name: 'acme-z', neededBy: 'apps/a' },
    { root: 'libs/y2', name: 'acme-y2', neededBy: 'apps/a' },
  ]);
});

it('nothing is named twice: the second of one name has that of its path', () => {
  expect(
    infer({
      'apps/a/docker-python.json': '{}',
      'apps/a/pyproject.toml': package_('api', ['../../libs/x/common', '../../libs/y/common']),
      'apps/b/docker-python.json': '{}',
      'apps/b/pyproject.toml': package_('api'),
      'libs/x/common/pyproject.toml': package_('common'),
      'libs/y/common/pyproject.toml': package_('common'),
      'web/project.json': '{"name":"libs-y-common"}',
    }),
  ).toEqual([
    { root: 'apps/a', name: 'api' },
    { root: 'apps/b', name: 'apps-b', taken: 'api' },
    { root: 'libs/x/common', name: 'common', neededBy: 'apps/a' },
    { root: 'libs/y/common', name: 'libs-y-common-2', taken: 'common', neededBy: 'apps/a' },
  ]);
});

it.each<[string, Record<string, string>, string]>([
  ['of a project.json', { 'web/project.json': '{"name":"api"}' }, 'apps-a'],
  ['of the folder of a project.json without one', { 'x/api/project.json': '{}' }, 'apps-a'],
  ['of a package.json', { 'package.json': '{"name":"api"}' }, 'apps-a'],
  ['of nothing, where a package.json is broken', { 'package.json': '{' }, 'api'],
])('a name is taken that is the one %s', (_, other, name) => {
  const files = { 'apps/a/docker-python.json': '{}', 'apps/a/pyproject.toml': package_('api') };
  expect(infer({ ...files, ...other })).toEqual([expect.objectContaining({ root: 'apps/a', name })]);
});

it('a package.json without a name names nothing', () => {
  const files = { 'apps/a/docker-python.json': '{}', 'apps/a/pyproject.toml': package_('api') };
  expect(infer({ ...files, 'apps/a/package.json': '{"private":true}' })).toEqual([
    { root: 'apps/a', name: 'api' },
  ]);
  expect(infer({ ...files, 'apps/a/package.json': '{"name":"@acme/a"}' })).toEqual([{ root: 'apps/a' }]);
});

it('the workspace itself is no library, and a folder without a manifest neither', () => {
  const files = {
    'apps/a/docker-python.json': '{}',
    'apps/a/pyproject.toml': package_('a', ['../..', '../../libs/gone']),
    'pyproject.toml': package_('root'),
  };
  expect(infer(files)).toEqual([{ root: 'apps/a', name: 'a' }]);
});

it('where no projects are to be created, only those with a name have targets', () => {
  const files = {
    'apps/a/docker-python.json': '{}',
    'apps/a/pyproject.toml': package_('a', ['../../libs/x']),
    'apps/b/docker-python.json': '{}',
    'apps/b/project.json': '{}',
    'libs/x/pyproject.toml': package_('x'),
  };
  expect(infer(files, false)).toEqual([{ root: 'apps/b' }]);
});

it('a project whose name another one has says so', () => {
  const files = memoryFiles({ 'apps/b/pyproject.toml': package_('api'), 'apps/c/project.json': '{}' });
  expect(nameFindings(files, 'apps/b', 'apps-b')).toEqual([expect.objectContaining({ code: 'name-taken' })]);
  expect(nameFindings(files, 'apps/b', 'api')).toEqual([]);
  expect(nameFindings(files, 'apps/b', 'what-another-plugin-calls-it')).toEqual([]);
  expect(nameFindings(files, 'apps/c', 'apps-c')).toEqual([]);
});
