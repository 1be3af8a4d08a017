import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { tempFolder, writeFiles } from '../testing/temp-folder';

type Files = Readonly<Record<string, string>>;

/** What the build step knows of each project, asked in one process, which starts slowly. */
function metadataOf(projects: readonly Files[]): unknown[] {
  const folders = projects.map((files) => {
    const folder = tempFolder();
    writeFiles(folder, files);
    return folder;
  });
  const script = `
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from metadata import install_metadata, read_metadata
def ask(folder):
    site, scripts = folder / "site", folder / "bin"
    site.mkdir()
    try:
        install_metadata(read_metadata(folder, "a.py", None), site, scripts, "/opt/venv/bin/python")
    except SystemExit as end:
        return [str(end), scripts.exists()]
    return sorted(path.name for path in [*site.iterdir(), *scripts.glob("*")])
print(json.dumps([ask(Path(folder)) for folder in sys.argv[2:]]))`;
  const argv = ['-B', '-c', script, join(__dirname, 'scripts'), ...folders];
  return JSON.parse(execFileSync('python3', argv, { encoding: 'utf8' })) as unknown[];
}

const pyproject = (text: string): Files => ({ 'pyproject.toml': text });

describe('what is known of a project without building it', () => {
  const table: readonly [string, Files, string[]][] = [
    ['nothing where nothing is written', { 'app.py': '' }, []],
    ['nothing where only tools are set', pyproject('[tool.ruff]\nline-length = 100\n'), []],
    [
      "poetry's tables, without scripts that are files",
      pyproject(
        '[tool.poetry]\nname = "A-B"\nversion = "1"\n[tool.poetry.scripts]\nx = "a:b"\ny = { reference = "z", type = "file" }\n',
      ),
      ['a_b-1.dist-info', 'x'],
    ],
    [
      'setup.cfg',
      {
        'setup.cfg':
          '[metadata]\nname = a\nversion = 2.0\n[options.entry_points]\nconsole_scripts =\n  x = a:b\n',
      },
      ['a-2.0.dist-info', 'x'],
    ],
    [
      'a version that is in the code',
      {
        ...pyproject('[project]\nname = "a"\ndynamic = ["version"]\n'),
        'a.py': '__version__: str = "3.1"\n',
      },
      ['a-3.1.dist-info'],
    ],
    [
      'no version that only a backend knows',
      pyproject('[project]\nname = "a"\ndynamic = ["version"]\n'),
      ['a-0.0.0.dist-info'],
    ],
    [
      'no version that is an expression',
      { 'setup.cfg': '[metadata]\nname = a\nversion = attr: a.__version__\n' },
      ['a-0.0.0.dist-info'],
    ],
    [
      'no version that is a path',
      pyproject('[project]\nname = "a"\nversion = "1/../../x"\n'),
      ['a-0.0.0.dist-info'],
    ],
    [
      'windows of a desktop as well',
      pyproject('[project]\nname = "a"\nversion = "1"\n[project.gui-scripts]\nw = "a:b.c"\n'),
      ['a-1.dist-info', 'w'],
    ],
  ];
  const answers = metadataOf(table.map(([, files]) => files));

  it.each(table.map(([name, , expected], i) => ({ name, expected, found: answers[i] })))(
    '$name',
    ({ expected, found }) => {
      expect(found).toEqual(expected);
    },
  );
});

describe('an entry point that is none', () => {
  const script = (name: string, target: string): Files =>
    // Strings of JSON are strings of TOML.
    pyproject(
      `[project]\nname = "a"\nversion = "1"\n[project.scripts]\n${JSON.stringify(name)} = ${JSON.stringify(target)}\n`,
    );
  const table: readonly [string, string][] = [
    ['x', 'a:b; import os'],
    ['x', 'os:system("id")'],
    ['x', 'a b:c'],
    ['x', '"""'],
    ['x', 'a:b\nimport os'],
    ['x', 'a\nimport os:b'],
    ['x', ''],
    ['x', ':b'],
    ['../x', 'a:b'],
    ['a/b', 'a:b'],
    ['/tmp/x', 'a:b'],
  ];
  const answers = metadataOf(table.map(([name, target]) => script(name, target)));

  it.each(table.map(([name, target], i) => ({ name, target, found: answers[i] })))(
    '$name = $target',
    ({ found }) => {
      expect(found).toEqual([expect.stringContaining('is not of the form module:function'), false]);
    },
  );
});
