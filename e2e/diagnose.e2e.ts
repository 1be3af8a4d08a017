import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

describe('nx diagnose', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await createWorkspace(NEWEST);
    await workspace.nx('g', 'docker-python:example', 'e2e-diagnose');
    await workspace.commit('example');
  });

  afterAll(() => workspace.remove());

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
  });

  it('prints one JSON document for machines', async () => {
    const { output } = await run(['--json', '--output-style=stream-without-prefixes']);
    const document = output.slice(output.indexOf('{\n'), output.lastIndexOf('\n}') + 2);
    expect(JSON.parse(document)).toMatchObject({
      project: 'e2e-diagnose',
      context: { files: expect.any(Number) as number },
    });
  });

  it('refuses settings that are wrong', async () => {
    workspace.write('apps/e2e-diagnose/docker-python.json', '{"version":1,"imgae":"x"}');
    const { exitCode, output } = await run([]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Did you mean "image"?');
  });
});
