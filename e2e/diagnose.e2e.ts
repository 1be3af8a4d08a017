import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { docker, removeImages } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

describe('nx diagnose', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    // Those of an earlier run would be found by their keys.
    await removeImages('e2e-diagnose');
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', 'e2e-diagnose');
    await workspace.commit('example');
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages('e2e-diagnose', 'e2e-diagnose-by-hand', 'e2e-diagnose-empty');
  });

  const run = (argv: readonly string[], env: Record<string, string> = {}): ReturnType<Workspace['run']> =>
    workspace.run(
      process.execPath,
      ['node_modules/nx/dist/bin/nx.js', 'diagnose', 'e2e-diagnose', ...argv],
      env,
    );

  it('works without an engine, and says what decided what', async () => {
    const { exitCode, output } = await run([], { DOCKER_HOST: 'unix:///nowhere.sock' });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(
      /start command\s+gunicorn --config docker\/gunicorn\.conf\.py[\s\S]*from apps\/e2e-diagnose\/app\.py/,
    );
    expect(output).toContain('Dockerfile: current');
    expect(output).toMatch(
      /Next build: unknown\s+content key [0-9a-f]{40}\s+for linux\/\w+\s+ENGINE_NOT_RUNNING/,
    );
    expect(output).toContain('There is no image record');
  });

  it('names a target of the project that hides the one that is inferred', async () => {
    const path = 'apps/e2e-diagnose/project.json';
    const before = existsSync(join(workspace.root, path)) ? workspace.read(path) : '{"name":"e2e-diagnose"}';
    const targets = { push: { command: 'true' }, 'smoke-test': { options: {} } };
    workspace.write(path, JSON.stringify({ ...(JSON.parse(before) as object), targets }));
    const { output } = await run([], { DOCKER_HOST: 'unix:///nowhere.sock' });
    workspace.write(path, before);
    expect(output.replace(/\s+/g, ' ')).toContain('a target "push" of its own (nx:run-commands)');
    expect(output).not.toMatch(/target\s+"smoke-test"/);
  });

  it('prints one JSON document for machines', async () => {
    const { output } = await run(['--json', '--output-style=stream-without-prefixes']);
    const document = output.slice(output.indexOf('{\n'), output.lastIndexOf('\n}') + 2);
    expect(JSON.parse(document)).toMatchObject({
      project: 'e2e-diagnose',
      context: { files: expect.any(Number) as number },
    });
  });

  it('says that there is no image before the first build', async () => {
    const { exitCode, output } = await run(['--image']);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('IMAGE_MISSING');
    expect(output).toContain('nx docker-build e2e-diagnose');
  });

  it('says whether the next build would do work, and why', async () => {
    const said = async (): Promise<string> => (await run([])).output.replace(/\s+/g, ' ');
    expect(await said()).toMatch(/Next build: builds .*The engine has no e2e-diagnose:ck-/);
    expect(await said()).toMatch(
      /Built again from these sources: the same digest, but for - The base python:\S+ is a tag.*updated while the base/,
    );
    await workspace.nx('docker-build', 'e2e-diagnose');
    expect(await said()).toMatch(
      /Next build: nothing to do .*The engine has e2e-diagnose:ck-.*of the same key/,
    );
    workspace.write('apps/e2e-diagnose/more.py', 'X = 1\n');
    expect(await said()).toMatch(/Next build: builds .*The image record is of ck-[0-9a-f]{40}: sources/);
    workspace.write('apps/e2e-diagnose/docker-python.json', '{"version":1,"port":9000}');
    const stale = (await run(['--json', '--output-style=stream-without-prefixes'])).output;
    expect(stale).toMatch(/"outcome": "stops"[\s\S]*MANAGED_FILE_STALE/);
  });

  describe('--image', () => {
    const byHand = async (name: string, dockerfile: string): Promise<void> => {
      workspace.write('.nx/by-hand/Dockerfile', dockerfile);
      await docker(
        'buildx',
        'build',
        '--quiet',
        '--load',
        '--tag',
        name,
        join(workspace.root, '.nx/by-hand'),
      );
    };

    it('finds nothing to say about an image of ours', async () => {
      const { exitCode, output } = await run(['--image']);
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).toMatch(/(\d+) of \1 hold/);
      expect(output).toContain('yes  a numeric user that is not root');
    });

    it('says what a hand-written Dockerfile leaves open, in JSON as well', async () => {
      await byHand(
        'e2e-diagnose-by-hand',
        'FROM python:3.13-slim-trixie\nWORKDIR /srv\nCOPY Dockerfile app.py\nENV DB_PASSWORD=hunter2\nEXPOSE 80\nCMD python app.py\n',
      );
      const { output } = await run(['--image=e2e-diagnose-by-hand']);
      for (const words of [
        'USER is not set',
        '/usr/local/bin/pip',
        'it is started by a shell',
        'port 80 has no health check',
        'DB_PASSWORD',
      ])
        expect(output).toContain(words);
      expect(output).not.toContain('hunter2');
      const json = (
        await run(['--image=e2e-diagnose-by-hand', '--json', '--output-style=stream-without-prefixes'])
      ).output;
      const report = JSON.parse(json.slice(json.indexOf('{\n'), json.lastIndexOf('\n}') + 2)) as object;
      expect(report).toMatchObject({
        image: 'e2e-diagnose-by-hand',
        properties: expect.any(Array) as unknown[],
      });
    });

    it('says so of an image that is not there, or has no Python', async () => {
      expect((await run(['--image=e2e-diagnose-nowhere:1'])).output).toContain('IMAGE_MISSING');
      await byHand('e2e-diagnose-empty', 'FROM scratch\nCOPY Dockerfile /\nCMD ["/x"]\n');
      expect((await run(['--image=e2e-diagnose-empty'])).output).toContain('IMAGE_UNREADABLE');
      expect(
        await docker('ps', '--all', '--quiet', '--filter=label=dev.docker-python.project=e2e-diagnose'),
      ).toBe('');
    });
  });

  it('refuses settings that are wrong', async () => {
    workspace.write('apps/e2e-diagnose/docker-python.json', '{"version":1,"imgae":"x"}');
    const { exitCode, output } = await run([]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Did you mean "image"?');
  });
});
