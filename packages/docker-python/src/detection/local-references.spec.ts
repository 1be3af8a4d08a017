import fc from 'fast-check';
import { memoryFiles } from './files';
import { includedFiles, localReferences, type LocalReference } from './local-references';

const LIBRARY = '[project]\nname = "Acme_Common"\n';
const project = (dependencies: string, rest = ''): string =>
  `[project]\nname = "api"\nversion = "1"\n${dependencies}\n${rest}`;

/** Answers about apps/api in a workspace where libs/common is a package named Acme_Common. */
function of(files: Readonly<Record<string, string>>): readonly LocalReference[] {
  return localReferences(memoryFiles({ 'libs/common/pyproject.toml': LIBRARY, ...files }), 'apps/api');
}

const common = (kind: string, more: object = {}): unknown =>
  expect.objectContaining({ path: 'libs/common', kind, ...more });

describe('a local reference', () => {
  it.each<[string, Record<string, string>, unknown]>([
    [
      'in [project], by URL',
      { 'apps/api/pyproject.toml': project('dependencies = ["acme.common[x] @ file:../../libs/common"]') },
      common('production', { name: 'acme-common', extras: ['x'], by: 'metadata' }),
    ],
    [
      'in an extra, by URL with the root variable of PDM',
      {
        'apps/api/pyproject.toml': project(
          'optional-dependencies.pg = ["acme-common @ file:///${PROJECT_ROOT}/../../libs/common"]',
        ),
      },
      common('optional', { extra: 'pg' }),
    ],
    [
      'in a development group of PDM',
      {
        'apps/api/pyproject.toml':
          '[tool.pdm.dev-dependencies]\ntest = ["-e file:///${PROJECT_ROOT}/../../libs/common#egg=acme-common"]\n',
      },
      common('development', { group: 'test' }),
    ],
    [
      'in a dependency group that another includes',
      {
        'apps/api/pyproject.toml':
          '[dependency-groups]\ndev = [{include-group = "base"}]\nbase = ["acme-common @ file:../../libs/common"]\n',
      },
      common('development', { group: 'dev' }),
    ],
    [
      'of the build',
      {
        'apps/api/pyproject.toml':
          '[build-system]\nrequires = ["acme-common"]\n[tool.uv.sources]\nAcme_common = { path = "../../libs/common" }\n',
      },
      common('build', { from: 'tool.uv.sources.acme-common in apps/api/pyproject.toml' }),
    ],
    [
      'by a source of uv for one extra only',
      {
        'apps/api/pyproject.toml': project(
          'dependencies = []\noptional-dependencies.a = ["acme-common"]\noptional-dependencies.b = ["acme-common"]',
          '[tool.uv.sources]\nacme-common = [{ path = "../../libs/common", extra = "b" }]\n',
        ),
      },
      common('optional', { extra: 'b' }),
    ],
    [
      'to a member of the uv workspace',
      {
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*", "libs/**"]\nexclude = ["libs/old"]\n',
        'libs/old/pyproject.toml': LIBRARY,
        'apps/api/pyproject.toml': project(
          'dependencies = ["acme-common"]',
          '[tool.uv.sources]\nacme-common = { workspace = true }\n',
        ),
      },
      common('production', { name: 'acme-common' }),
    ],
    [
      'by a source that the root of the uv workspace gives all members',
      {
        'pyproject.toml':
          '[tool.uv.workspace]\nmembers = ["apps/*"]\n[tool.uv.sources]\nacme-common = { path = "libs/common" }\n',
        'apps/api/pyproject.toml': project('dependencies = ["acme-common"]'),
      },
      common('production', { from: 'tool.uv.sources.acme-common in pyproject.toml' }),
    ],
    [
      'to a member by name alone',
      {
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/api", "libs/c*"]\n',
        'apps/api/pyproject.toml': project('', '[tool.uv]\ndev-dependencies = ["acme-common>=1"]\n'),
      },
      common('development', { group: 'dev' }),
    ],
    [
      'of Poetry, one of several variants',
      {
        'apps/api/pyproject.toml':
          '[tool.poetry.dependencies]\nacme_common = [{ path = "../../libs/common", develop = true }, { version = "1" }]\n',
      },
      common('production', { name: 'acme-common' }),
    ],
    [
      'of Poetry, optional, for an extra',
      {
        'apps/api/pyproject.toml':
          '[tool.poetry.dependencies]\nacme-common = { path = "../../libs/common", optional = true }\n[tool.poetry.extras]\nall = ["acme-common"]\n',
      },
      common('optional', { extra: 'all' }),
    ],
    [
      'of a group of Poetry',
      {
        'apps/api/pyproject.toml':
          '[tool.poetry.group.test.dependencies]\nacme-common = { path = "../../libs/common" }\n',
      },
      common('development', { group: 'test' }),
    ],
    [
      'of the oldest group of Poetry',
      {
        'apps/api/pyproject.toml':
          '[tool.poetry.dev-dependencies]\nacme-common = { path = "../../libs/common" }\n',
      },
      common('development', { group: 'dev' }),
    ],
    [
      'of Poetry 2, where [project] names it and the table says where it is',
      {
        'apps/api/pyproject.toml': project(
          'optional-dependencies.pg = ["acme-common (>=1)"]',
          '[tool.poetry.dependencies]\nacme-common = { path = "../../libs/common" }\n',
        ),
      },
      common('optional', { extra: 'pg' }),
    ],
    [
      'of a Pipfile',
      { 'apps/api/Pipfile': '[packages]\nacme-common = { path = "../../libs/common", editable = true }\n' },
      common('production', { by: 'list' }),
    ],
    [
      'of a category of a Pipfile, by file',
      { 'apps/api/Pipfile': '[dev-packages]\nacme-common = { file = "file:../../libs/common" }\n' },
      common('development', { group: 'dev-packages' }),
    ],
    [
      'of a pylock.toml',
      {
        'apps/api/pylock.toml':
          '[[packages]]\nname = "acme-common"\n[packages.directory]\npath = "../../libs/common"\n',
      },
      common('production', { by: 'list' }),
    ],
    [
      'of a requirements list, editable with extras',
      { 'apps/api/requirements.txt': 'flask\n-e ../../libs/common[x,y]\n' },
      common('production', { extras: ['x', 'y'], from: 'apps/api/requirements.txt:2' }),
    ],
    [
      'of a list that another one includes, in the folder of that list',
      { 'apps/api/requirements.txt': '-r ../../shared/base.txt\n', 'shared/base.txt': '../libs/common\n' },
      common('production', { from: 'shared/base.txt:1' }),
    ],
    [
      'of a constraint',
      {
        'apps/api/requirements.txt': '-c constraints.txt\nacme-common\n',
        'apps/api/constraints.txt': 'acme-common @ file:../../libs/common\n',
      },
      common('production', { name: 'acme-common' }),
    ],
    [
      'of a list for development',
      { 'apps/api/requirements.txt': 'flask\n', 'apps/api/requirements-dev.txt': '-e../../libs/common\n' },
      common('development'),
    ],
    [
      'of a list in a folder',
      {
        'apps/api/requirements/base.txt': 'flask\n',
        'apps/api/requirements/ci.txt': '-e ../../libs/common\n',
      },
      common('development'),
    ],
    [
      'of setup.cfg',
      {
        'apps/api/setup.cfg':
          '[options.extras_require]\nx =\n  acme-common @ file:../../libs/common\n[options]\ninstall_requires =\n  flask\n',
      },
      common('optional', { extra: 'x' }),
    ],
    [
      'of the list that setup.cfg names',
      {
        'apps/api/setup.cfg': '[options]\ninstall_requires = file: deps.txt\n',
        'apps/api/deps.txt': '../../libs/common\n',
      },
      common('production', { by: 'metadata' }),
    ],
    [
      'of setup.py',
      { 'apps/api/setup.py': 'setup(install_requires=["acme-common @ file:../../libs/common"])\n' },
      common('production'),
    ],
    [
      'of the list that setuptools reads dependencies from',
      {
        'apps/api/pyproject.toml': project(
          'dynamic = ["dependencies"]',
          '[tool.setuptools.dynamic]\ndependencies = { file = ["deps.txt"] }\n',
        ),
        'apps/api/deps.txt': '-r more.txt\n',
        'apps/api/more.txt': '../../libs/common\n',
      },
      common('production', { by: 'metadata' }),
    ],
    [
      'of an environment of Hatch',
      {
        'apps/api/pyproject.toml':
          '[tool.hatch.envs.default]\ndependencies = ["acme-common @ {root:uri}/../../libs/common"]\n',
      },
      common('development', { group: 'default' }),
    ],
    [
      'to a folder that is not there',
      { 'apps/api/requirements.txt': '-e ../../libs/gone\n' },
      expect.objectContaining({ path: 'libs/gone' }),
    ],
  ])('%s', (_, files, expected) => {
    expect(of(files)[0]).toEqual(expected);
  });

  it('is found beside a broken manifest', () => {
    expect(
      of({ 'apps/api/pyproject.toml': '[x', 'apps/api/requirements.txt': '???\n../../libs/common\n' }),
    ).toEqual([common('production')]);
  });

  it('is one for each of those who need it', () => {
    const everywhere = project(
      'dependencies = ["acme-common"]\noptional-dependencies.x = ["acme-common"]',
      '[dependency-groups]\ndev = ["acme-common"]\n[tool.uv.sources]\nacme-common = { path = "../../libs/common" }\n',
    );
    expect(of({ 'apps/api/pyproject.toml': everywhere }).map(({ kind }) => kind)).toEqual([
      'production',
      'optional',
      'development',
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['the project itself', { 'apps/api/requirements.txt': '-e .\n.\n' }],
    ['an archive', { 'apps/api/requirements.txt': './vendor/x-1.0-py3-none-any.whl\n' }],
    ['a place outside', { 'apps/api/requirements.txt': '-e ../../../elsewhere\n/opt/lib\n' }],
    ['a repository', { 'apps/api/requirements.txt': 'git+https://files.invalid/x.git\n' }],
    ['a list on a server', { 'apps/api/requirements.txt': '-r https://files.invalid/list.txt\n' }],
    ['a name on an index', { 'apps/api/pyproject.toml': project('dependencies = ["acme-common"]') }],
    [
      'a source of uv that nothing needs',
      { 'apps/api/pyproject.toml': '[tool.uv.sources]\nacme-common = { path = "../../libs/common" }\n' },
    ],
    [
      'a member that does not exist',
      {
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*"]\n',
        'apps/api/pyproject.toml': project(
          'dependencies = ["x"]',
          '[tool.uv.sources]\nx = { workspace = true }\n',
        ),
      },
    ],
  ])('is not %s', (_, files) => {
    expect(of(files)).toEqual([]);
  });

  it('never throws, whatever the manifests hold', () => {
    const names = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'setup.cfg', 'setup.py', 'pylock.toml'];
    const value = fc.oneof(
      fc.string(),
      fc.jsonValue().map((json) => JSON.stringify(json)),
    );
    const keys = fc.constantFrom(
      'project.dependencies',
      'project.optional-dependencies.x',
      'dependency-groups.dev',
      'tool.uv.sources.x',
      'tool.uv.workspace.members',
      'tool.poetry.dependencies.x',
      'tool.poetry.group',
      'build-system.requires',
      'packages',
      'dev-packages.x',
    );
    const manifest = fc.oneof(
      fc.string(),
      fc
        .array(fc.tuple(keys, value), { maxLength: 5 })
        .map((lines) => lines.map((line) => line.join(' = ')).join('\n')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), manifest, (name, text) => {
        expect(Array.isArray(of({ [`apps/api/${name}`]: text }))).toBe(true);
      }),
    );
  });
});

it('the files that lists include are found, missing ones too, and a circle ends', () => {
  const files = memoryFiles({
    'apps/api/requirements.txt': '-r ../../shared/base.txt\n-c gone.txt\n',
    'shared/base.txt': '-r ../apps/api/requirements.txt\n',
  });
  expect(includedFiles(files, 'apps/api').map(({ path }) => path)).toEqual([
    'shared/base.txt',
    'apps/api/gone.txt',
    'apps/api/requirements.txt',
  ]);
});
