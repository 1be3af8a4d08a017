import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { beginInference, continueInference } from './inference';

let workspaceRoot: string;
const kept = (): string => join(workspaceRoot, '.nx/workspace-data/docker-python-test.json');

/** Asks for the local references of apps/api as a new process would, and says whether anything was read for it. */
function ask(question: unknown = 1): { readonly paths: readonly string[]; readonly made: boolean } {
  const { cached, needs } = beginInference(workspaceRoot);
  let made = false;
  const paths = cached('test', question, () => {
    made = true;
    return needs('apps/api').references.map(({ path }) => path);
  });
  return { paths, made };
}

beforeEach(() => {
  workspaceRoot = tempFolder();
  writeFiles(workspaceRoot, {
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n',
    'apps/api/pyproject.toml': '[project]\nname = "api"\ndependencies = ["a"]\n',
    'libs/x/pyproject.toml': '[project]\nname = "a"\n',
    'libs/y/pyproject.toml': '[project]\nname = "b"\n',
  });
});

it('what was found is kept as long as nothing that it depends on changes', () => {
  expect(ask()).toEqual({ paths: ['libs/x'], made: true });
  expect(ask()).toEqual({ paths: ['libs/x'], made: false });
  writeFiles(workspaceRoot, { 'apps/api/src/main.py': 'x = 1\n' });
  writeFiles(workspaceRoot, { 'libs/x/src/x.py': '' });
  expect(ask(2).made).toBe(true);
});

it.each<[string, Record<string, string>, readonly string[]]>([
  [
    'the manifest',
    { 'apps/api/pyproject.toml': '[project]\nname = "api"\ndependencies = ["b"]\n' },
    ['libs/y'],
  ],
  ['the name of another member', { 'libs/x/pyproject.toml': '[project]\nname = "c"\n' }, []],
  ['a new list', { 'apps/api/requirements.txt': '-e ../../libs/y\n' }, ['libs/x', 'libs/y']],
  ['a new member', { 'apps/more/pyproject.toml': '[project]\nname = "a"\n' }, ['apps/more']],
])('%s makes it anew', (_, files, paths) => {
  ask();
  writeFiles(workspaceRoot, files);
  expect(ask()).toEqual({ paths, made: true });
  expect(ask()).toEqual({ paths, made: false });
});

it('a file that goes away makes it anew', () => {
  ask();
  rmSync(join(workspaceRoot, 'libs/x/pyproject.toml'));
  expect(ask()).toEqual({ paths: [], made: true });
});

it.each(['', '{"key":', 'null', '[]', '{"key":"x","trace":{"texts":null}}', '\u0000'])(
  'a broken file does no harm: %j',
  (text) => {
    ask();
    writeFileSync(kept(), text);
    expect(ask()).toEqual({ paths: ['libs/x'], made: true });
    expect(ask().made).toBe(false);
  },
);

it('leaves no other files behind', () => {
  ask();
  expect(readdirSync(join(workspaceRoot, '.nx/workspace-data'))).toEqual(['docker-python-test.json']);
});

it('is handed over once, and only within one workspace', () => {
  const begun = beginInference(workspaceRoot);
  expect(continueInference(workspaceRoot)).toBe(begun);
  expect(continueInference(workspaceRoot)).not.toBe(begun);
  beginInference(workspaceRoot);
  expect(continueInference(tempFolder())).not.toBe(begun);
});
