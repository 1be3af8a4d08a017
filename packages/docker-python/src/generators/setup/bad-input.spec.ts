import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { below, FLASK } from '../../testing/projects';
import { complaint, filesOf, workspaceTree } from '../../testing/workspace';
import setup, { type SetupOptions } from './generator';

/** What setup says, having written nothing. */
async function refusal(tree: Tree, options: Partial<SetupOptions> = {}): Promise<string> {
  const before = filesOf(tree);
  const message = await complaint(() => setup(tree, { project: 'api', ...options }));
  expect(filesOf(tree)).toEqual(before);
  expect(message).toMatch(/^[A-Z_]+: .+\n\nWhat to do: ./s);
  return message;
}

const withFiles = (files: Readonly<Record<string, string>>): Tree => workspaceTree({ api: files });
const HASHED = FLASK['requirements.txt']!;

describe('setup refuses, with code and hint and without writing anything,', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['a folder without Python', { 'main.go': '' }, 'NOT_A_PYTHON_PROJECT', /apps\/api/],
    [
      'an unknown setting',
      { ...FLASK, 'docker-python.json': '{"version":1,"comand":"x"}' },
      'UNKNOWN_SETTING',
      /"command"/,
    ],
    [
      'a setting of the wrong kind',
      { ...FLASK, 'docker-python.json': '{"version":1,"port":"x"}' },
      'INVALID_SETTINGS',
      /"port"/,
    ],
    [
      'settings that are no JSON',
      { ...FLASK, 'docker-python.json': '{' },
      'INVALID_SETTINGS',
      /docker-python\.json/,
    ],
    ['broken TOML', { ...FLASK, 'pyproject.toml': '[project\n' }, 'INVALID_MANIFEST', /pyproject\.toml/],
    [
      'a project without a start command',
      { 'requirements.txt': HASHED, 'lib.py': 'x = 1\n' },
      'COMMAND_NOT_FOUND',
      /"command"/,
    ],
    [
      'requirements that include a missing file',
      { ...FLASK, 'requirements.txt': '-r gone.txt\n' },
      'REQUIREMENTS_MISSING',
      /gone\.txt/,
    ],
    [
      'requirements from outside of the workspace',
      { ...FLASK, 'requirements.txt': '-r ../../../etc/passwd\n' },
      'OUTSIDE_WORKSPACE',
      /etc\/passwd/,
    ],
    [
      'a command for a shell',
      { ...FLASK, 'docker-python.json': '{"version":1,"command":"a && b"}' },
      'INVALID_SETTINGS',
      /shell/,
    ],
    [
      'a pattern outside of the language',
      { ...FLASK, 'docker-python.json': '{"version":1,"exclude":["{a,b}"]}' },
      'INVALID_SETTINGS',
      /"exclude"/,
    ],
  ])('%s', async (_, files, code, says) => {
    const message = await refusal(withFiles(files));
    expect(message).toMatch(new RegExp(`^${code}: `));
    expect(message).toMatch(says);
  });

  it.each(['ap', 'apx', 'apps/apx', '../api', '/etc', 'apps/../../x', ''])(
    'the project %j',
    async (project) => {
      const message = await refusal(workspaceTree(), { project });
      expect(message).toMatch(/^(PROJECT_UNKNOWN|NOT_A_PYTHON_PROJECT|COMMAND_NOT_FOUND): /);
      if (project === 'apx') expect(message).toContain('Did you mean "api"?');
    },
  );

  it.each(['my api', 'café', 'a;b', '$(id)', 'a&b', "a'b"])('a project in the folder %j', async (name) => {
    const tree = workspaceTree({});
    addProjectConfiguration(tree, 'plain', { root: `apps/${name}` });
    for (const [path, text] of Object.entries(below(`apps/${name}`, FLASK))) tree.write(path, text);
    expect(await refusal(tree, { project: 'plain' })).toMatch(/^UNSUPPORTED_PATH: /);
  });

  it.each(['my api', 'café', 'a;b', '$(id)'])(
    'a project named %j, unless an image name is given',
    async (name) => {
      const tree = workspaceTree({});
      addProjectConfiguration(tree, name, { root: 'apps/plain' });
      for (const [path, text] of Object.entries(below('apps/plain', FLASK))) tree.write(path, text);
      expect(await refusal(tree, { project: name })).toMatch(/^INVALID_IMAGE_NAME: /);
    },
  );

  it.each([
    { port: 0 },
    { image: 'Api:latest' },
    { registry: 'https://x' },
    { python: '4' },
    { manager: 'conda' },
    { base: 'x y' },
    { command: 'a | b' },
  ])('the options %j', async (options) => {
    expect(await refusal(workspaceTree(), options)).toMatch(/^(INVALID_SETTINGS|INVALID_IMAGE_NAME): /);
  });
});
