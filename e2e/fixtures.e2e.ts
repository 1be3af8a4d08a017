import {
  PLACEHOLDER_INDEX,
  filesOf,
  fixtures,
  rootOf,
  type Fixture,
} from '../packages/docker-python/fixtures/corpus';
import { NEWEST } from '../tools/workspace/nx-versions';
import { docker, removeImages, startContainer } from './harness/docker';
import { realIndex } from './harness/real-index';
import { createWorkspace, type Workspace } from './harness/workspace';

/** Every fixture in one workspace, built for real and asked. */
describe('the fixture corpus', () => {
  const corpus = fixtures();
  const imageOf = ({ name }: Fixture): string => `e2e-fixture-${name}`;
  let workspace: Workspace;

  beforeAll(async () => {
    const index = await realIndex();
    const files = corpus.flatMap((fixture) => [
      ...Object.entries(filesOf(fixture)).map(
        ([path, text]) => [path, text.replaceAll(PLACEHOLDER_INDEX, index)] as const,
      ),
      [`${rootOf(fixture)}/project.json`, JSON.stringify({ name: imageOf(fixture) })] as const,
    ]);
    workspace = await createWorkspace(NEWEST, Object.fromEntries(files));
    for (const fixture of corpus) await workspace.nx('g', 'docker-python:setup', imageOf(fixture));
    await workspace.commit('dockerized');
  }, 300_000);

  afterAll(async () => {
    workspace.remove();
    await removeImages(...corpus.map(imageOf));
  });

  it.each(corpus.map((fixture) => [fixture.name, fixture] as const))(
    '%s is built and answers',
    async (_, fixture) => {
      await workspace.nx('docker-build', imageOf(fixture));
      const { port, path = '/', status = 200, body = '', output } = fixture.smoke;
      if (port === undefined) {
        expect(await docker('run', '--rm', imageOf(fixture))).toContain(output);
        return;
      }
      const container = await startContainer(imageOf(fixture), port);
      const answer = await container.get(path).finally(() => container.remove());
      expect(answer).toEqual({ status, body: expect.stringContaining(body) as string });
    },
  );
});
