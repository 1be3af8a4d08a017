import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { Settings } from '../../settings/schema';
import { failureOf } from '../../testing/failures';
import { below, designOf, FLASK } from '../../testing/projects';
import { tempFolder, writeFiles } from '../../testing/temp-folder';
import { readProject, type ProjectInQuestion } from '../project';
import { chooseDockerfile } from './dockerfile';

/** A workspace that setup has been through, and its project as an executor sees it. */
function workspace(settings: Settings = {}): {
  root: string;
  file: string;
  readonly read: (options?: Settings) => ProjectInQuestion;
} {
  const root = tempFolder();
  const files = below('apps/api', {
    ...FLASK,
    'docker-python.json': JSON.stringify({ version: 1, ...settings }),
  });
  writeFiles(root, {
    ...files,
    ...Object.fromEntries(designOf(files).managed.map(({ path, text }) => [path, text])),
  });
  const context = {
    root,
    projectName: 'api',
    projectsConfigurations: { version: 2, projects: { api: { root: 'apps/api' } } },
  } as Partial<ExecutorContext> as ExecutorContext;
  return {
    root,
    file: join(root, 'apps/api/Dockerfile'),
    read: (options = {}) => readProject(context, { from: 'the options of this run', settings: options }),
  };
}

describe('the Dockerfile of a build', () => {
  it('is the committed one', () => {
    const { file, read } = workspace();
    const chosen = chooseDockerfile(read());
    expect([chosen.path, chosen.text]).toEqual([file, readFileSync(file, 'utf8')]);
    expect(chosen.note).toBeUndefined();
    chosen.dispose();
    expect(existsSync(file)).toBe(true);
  });

  it('is a rendered one in a temporary folder, which goes, where options of the run change it', () => {
    const { file, read } = workspace();
    const chosen = chooseDockerfile(read({ env: { ADDED: '1' } }));
    expect(chosen.path).not.toBe(file);
    expect(readFileSync(chosen.path, 'utf8')).toContain('ADDED');
    expect(existsSync(`${chosen.path}.dockerignore`)).toBe(true);
    chosen.dispose();
    expect(existsSync(chosen.path)).toBe(false);
  });

  it('is the committed one where options of the run change nothing of it', () => {
    const { file, read } = workspace();
    expect(chooseDockerfile(read({ image: 'x', platforms: ['linux/amd64'] })).path).toBe(file);
  });

  it('is the edited one as it is', () => {
    const { file, read } = workspace();
    writeFileSync(file, `${readFileSync(file, 'utf8')}# mine\n`);
    const chosen = chooseDockerfile(read());
    expect(chosen.text).toMatch(/# mine\n$/);
    expect(chosen.note).toBe(
      'built as found, since it is edited or not ours: apps/api/Dockerfile; docker-python.json and the manifests change nothing there. Managed again with: nx g docker-python:setup api --overwrite',
    );
    const overridden = chooseDockerfile(read({ env: { ADDED: '1' } }));
    expect(overridden.path).toBe(file);
    expect(overridden.note).toContain(
      'docker-python.json, the options of this run and the manifests change nothing there',
    );
  });

  it('may have been given Windows line ends by git', () => {
    const { file, read } = workspace();
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(chooseDockerfile(read()).path).toBe(file);
  });

  it('must follow the settings', () => {
    const { root, read } = workspace();
    writeFileSync(join(root, 'apps/api/docker-python.json'), '{"version":1,"env":{"NEW":"1"}}');
    expect(failureOf(() => chooseDockerfile(read()))).toMatchObject({
      code: 'MANAGED_FILE_STALE',
      hint: expect.stringContaining('nx sync'),
    });
  });

  it.each(['Dockerfile', 'Dockerfile.dockerignore'])('must be there: %s', (name) => {
    const { root, read } = workspace();
    rmSync(join(root, 'apps/api', name));
    expect(failureOf(() => chooseDockerfile(read()))).toMatchObject({
      code: 'MANAGED_FILE_MISSING',
      message: expect.stringContaining(`apps/api/${name}`),
    });
  });
});
