import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorWorkspace, type ExecutorWorkspace } from '../../testing/executor-workspace';
import { failureOf } from '../../testing/failures';
import { chooseDockerfile } from './dockerfile';

function workspace(): ExecutorWorkspace & { readonly file: string } {
  const made = executorWorkspace();
  return { ...made, file: join(made.root, 'apps/api/Dockerfile') };
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
