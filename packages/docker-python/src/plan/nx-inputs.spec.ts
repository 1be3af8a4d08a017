import { nxInputs } from './context';
import { rootsOf } from './paths';

describe('rootsOf', () => {
  it.each<[string[], string[]]>([
    [['apps/api/**'], ['apps/api']],
    [['**'], ['.']],
    [
      ['apps/api/**', 'uv.lock'],
      ['apps/api', 'uv.lock'],
    ],
    [
      ['apps/api/**', 'apps/api/x/**', 'config/*/a.yml'],
      ['apps/api', 'config'],
    ],
    [['apps/api/**', '**/x'], ['.']],
    [
      ['apps/api/**', 'apps/api-2/**'],
      ['apps/api', 'apps/api-2'],
    ],
  ])('%j -> %j', (include, roots) => {
    expect(rootsOf(include)).toEqual(roots);
  });
});

describe('nxInputs', () => {
  it('names the files of the project by {projectRoot} and the others by {workspaceRoot}', () => {
    const selection = {
      include: ['apps/api/**', 'uv.lock'],
      exclude: ['apps/api/docs/**', 'apps/api/README*', '**/.env', 'config/x/**'],
      artifacts: [],
    };
    expect(nxInputs(selection, 'apps/api', ['apps/api/Dockerfile'])).toEqual([
      '{projectRoot}/**/*',
      '{workspaceRoot}/uv.lock',
      '{projectRoot}/Dockerfile',
      '!{projectRoot}/docs/**/*',
      '!{projectRoot}/README*',
      '!{projectRoot}/**/.env',
      '!{workspaceRoot}/config/x/**/*',
    ]);
  });

  it('drops an exclusion that would catch a managed file, since exclusions always win in Nx', () => {
    const inputs = nxInputs(
      { include: ['**'], exclude: ['Dockerfile*', '**/*.json', 'docs/**'], artifacts: [] },
      '.',
      ['Dockerfile', 'docker-python.json'],
    );
    expect(inputs).toEqual([
      '{projectRoot}/**/*',
      '{projectRoot}/Dockerfile',
      '{projectRoot}/docker-python.json',
      '!{projectRoot}/docs/**/*',
    ]);
  });
});
