import childProcess from 'node:child_process';
import type { CreateDependenciesContext } from '@nx/devkit';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { createEdges } from './create-dependencies';

/** Edges of a workspace whose projects are named like their folders, in capitals, as `A > B (type file)`. */
function edges(
  texts: Readonly<Record<string, string>>,
  roots: readonly string[],
  plugins: readonly string[] = [],
): readonly string[] {
  const workspaceRoot = tempFolder();
  writeFiles(workspaceRoot, texts);
  const nameOf = (root: string): string => (root.split('/').at(-1) ?? root).toUpperCase();
  const ofRoot = (root: string): { file: string; hash: string }[] =>
    Object.keys(texts)
      .filter((path) => path.startsWith(`${root}/`))
      .map((file) => ({ file, hash: '1' }));
  const context: CreateDependenciesContext = {
    workspaceRoot,
    externalNodes: {},
    nxJsonConfiguration: { plugins: [...plugins] },
    projects: Object.fromEntries(roots.map((root) => [nameOf(root), { root }])),
    fileMap: {
      nonProjectFiles: [],
      projectFileMap: Object.fromEntries(roots.map((root) => [nameOf(root), ofRoot(root)])),
    },
    filesToProcess: { nonProjectFiles: [], projectFileMap: {} },
  };
  return createEdges(context).map((edge) => {
    const file = 'sourceFile' in edge ? ` ${edge.sourceFile}` : '';
    return `${edge.source} > ${edge.target} (${edge.type}${file})`;
  });
}

const LIBRARY = '[project]\nname = "acme-common"\n';
const needs = (path: string): string => `[project]\nname = "x"\ndependencies = ["y @ file:${path}"]\n`;

it('lead to the projects whose outputs go into an image', () => {
  const artifacts = [
    { target: 'WEB:build', from: 'dist/web', to: 'static' },
    { target: 'generate', from: '{projectRoot}/gen' },
    { target: 'GONE:build', from: 'dist/gone', to: 'gone' },
  ];
  const files = {
    'apps/api/docker-python.json': JSON.stringify({ version: 1, artifacts }),
    'apps/web/index.js': '',
  };
  expect(edges(files, ['apps/api', 'apps/web'])).toEqual(['API > WEB (static apps/api/docker-python.json)']);
});

describe('edges between projects', () => {
  it('are named by Nx, whatever the distribution is called, and say which file made them', () => {
    expect(
      edges({ 'apps/api/pyproject.toml': needs('../../libs/lib'), 'libs/lib/pyproject.toml': LIBRARY }, [
        'apps/api',
        'libs/lib',
      ]),
    ).toEqual(['API > LIB (static apps/api/pyproject.toml)']);
  });

  it('go both ways where two manifests name each other', () => {
    expect(
      edges({ 'libs/a/pyproject.toml': needs('../b'), 'libs/b/pyproject.toml': needs('../a') }, [
        'libs/a',
        'libs/b',
      ]),
    ).toEqual(['A > B (static libs/a/pyproject.toml)', 'B > A (static libs/b/pyproject.toml)']);
  });

  it('lead to the nearest project, never to that of the whole workspace by chance, nor to itself', () => {
    const texts = {
      'apps/api/requirements.txt': '-e ../../libs/all/python\n-e ./vendor/x\n-e ../../libs/loose\n',
      'libs/all/python/setup.py': '',
      'apps/api/vendor/x/setup.py': '',
      'libs/loose/setup.py': '',
    };
    expect(edges(texts, ['.', 'libs', 'libs/all', 'apps/api', 'apps'])).toEqual([
      'API > ALL (static apps/api/requirements.txt)',
      'API > LIBS (static apps/api/requirements.txt)',
    ]);
    expect(edges(texts, ['.', 'apps/api'])).toEqual([]);
  });

  it('follow the lists of other projects, and are implicit where a file of nobody says so', () => {
    expect(
      edges(
        {
          'apps/api/requirements.txt': '-r ../../libs/a/requirements.txt\n-c ../../shared/all.txt\n',
          'libs/a/requirements.txt': 'flask\n',
          'shared/all.txt': '-e ../libs/b\n',
          'libs/b/setup.py': '',
        },
        ['apps/api', 'libs/a', 'libs/b'],
      ).toSorted(),
    ).toEqual(['API > A (static apps/api/requirements.txt)', 'API > B (implicit)']);
  });

  it('are of the kind that @nxlv/python makes where it is in use, so that Nx keeps one of both', () => {
    const texts = { 'apps/api/pyproject.toml': needs('../../libs/lib'), 'libs/lib/pyproject.toml': LIBRARY };
    expect(edges(texts, ['apps/api', 'libs/lib'], ['@nxlv/python'])).toEqual(['API > LIB (implicit)']);
  });

  it('need no project of Python, and no process', () => {
    const spawned = jest.spyOn(childProcess, 'spawn');
    expect(
      edges({ 'web/package.json': '{}', 'apps/api/pyproject.toml': '[broken' }, ['web', 'apps/api']),
    ).toEqual([]);
    expect(spawned).not.toHaveBeenCalled();
  });
});
