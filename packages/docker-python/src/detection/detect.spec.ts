import { detectProject } from './detect';
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

describe('what a manifest misspells', () => {
  it.each([
    ['dependancies', 'Did you mean "dependencies"?'],
    ['require-python', 'Did you mean "requires-python"?'],
    ['homepage', 'Remove it'],
  ])('%s is a finding', (key, hint) => {
    const files = memoryFiles({
      'pyproject.toml': `[project]\nname = "api"\nversion = "1"\n${key} = "x"\n`,
      'main.py': 'if __name__ == "__main__":\n    print(1)\n',
    });
    const found = detectProject(files, '.').findings.filter(({ code }) => code === 'unknown-project-key');
    expect(found).toEqual([
      {
        code: 'unknown-project-key',
        message: expect.stringContaining(`"${key}"`) as string,
        hint: expect.stringContaining(hint) as string,
      },
    ]);
  });
});

describe('the port', () => {
  const app = 'from flask import Flask\n\napp = Flask(__name__)\n';
  const port = (files: Record<string, string>, setting?: number): unknown =>
    detectProject(
      memoryFiles({ 'a/requirements.txt': 'flask==3\ngunicorn==23\n', 'a/app.py': app, ...files }),
      'a',
      setting === undefined ? {} : { port: { value: setting, from: '"port" in a/docker-python.json' } },
    ).port;

  it.each<[string, Record<string, string>, number | undefined, unknown]>([
    ['no file', {}, undefined, { value: 8000, from: 'no file says it; the default' }],
    ['the setting', {}, 9000, { value: 9000, from: '"port" in a/docker-python.json' }],
    [
      'EXPOSE',
      { 'a/Dockerfile': 'FROM python:3.13\nEXPOSE 7000\n' },
      undefined,
      { value: 7000, from: 'EXPOSE in a/Dockerfile' },
    ],
    [
      'nobody, although a number like it stands where the application does',
      { 'a/app.py': `# http://localhost:8000\n${app}` },
      undefined,
      { value: 8000, from: 'no file says it; the default' },
    ],
    [
      'the command',
      { 'a/Procfile': 'web: gunicorn -b 0.0.0.0:7500 app:app\n' },
      undefined,
      { value: 7500, from: 'a/Procfile:1' },
    ],
    [
      'not the command that says none',
      { 'a/Procfile': 'web: gunicorn app:app\n' },
      undefined,
      { value: 8000, from: 'no file says it; the default' },
    ],
  ])('is said by %s', (_, files, setting, expected) => expect(port(files, setting)).toEqual(expected));
});
