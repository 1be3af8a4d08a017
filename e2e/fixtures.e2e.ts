import {
  PLACEHOLDER_INDEX,
  filesOf,
  fixtures,
  rootOf,
  type Fixture,
} from '../packages/docker-python/fixtures/corpus';
import { recordPath } from '../packages/docker-python/src/record/image-record';
import { NEWEST } from '../tools/workspace/nx-versions';
import { outputOf, removeImages, startContainer, startWorker } from './harness/docker';
import { realIndex } from './harness/real-index';
import { createWorkspace, type Workspace } from './harness/workspace';

const MINUTES = 60_000;

/** Does the work for each item; two share the machine as well as two builds do. */
async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const one = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([one(), one()]);
}

/** Every fixture in one workspace, built for real by one command, two at a time, and asked. */
describe('the fixture corpus', () => {
  const corpus = fixtures();
  const imageOf = ({ name }: Fixture): string => `e2e-corpus-${name}`;
  const cases = corpus.map((fixture) => [fixture.name, fixture] as const);
  let workspace: Workspace;
  /** What setup and the build said, by image. */
  const setups = new Map<string, string>();
  let built = '';

  beforeAll(async () => {
    const index = await realIndex();
    const files = corpus.flatMap((fixture) => [
      ...Object.entries(filesOf(fixture)).map(
        ([path, text]) => [path, text.replaceAll(PLACEHOLDER_INDEX, index)] as const,
      ),
      [`${rootOf(fixture)}/project.json`, JSON.stringify({ name: imageOf(fixture) })] as const,
    ]);
    workspace = await createWorkspace(NEWEST, Object.fromEntries(files));
    await twoAtATime(corpus.map(imageOf), async (image) => {
      setups.set(image, (await workspace.tryNx('g', 'docker-python:setup', image)).output);
    });
    await workspace.commit('dockerized');
    built = (
      await workspace.tryNx('run-many', '--target=docker-build', '--parallel=2', '--outputStyle=static')
    ).output;
  }, 15 * MINUTES);

  afterAll(async () => {
    workspace.remove();
    await removeImages(...corpus.map(imageOf));
  }, MINUTES);

  /** The part of the common output that is about one image. */
  function buildOf(image: string): string {
    const parts = built.split(/^> nx run /m);
    return parts.find((part) => part.startsWith(`${image}:`)) ?? built.slice(-4_000);
  }

  it.each(cases)('%s is built and answers', async (_, fixture) => {
    const image = imageOf(fixture);
    if (!workspace.exists(`${rootOf(fixture)}/Dockerfile`)) throw new Error(setups.get(image));
    if (!workspace.exists(recordPath(rootOf(fixture), 'runtime'))) throw new Error(buildOf(image));
    const { port, path = '/', status = 200, body = '', output = '', ends = true } = fixture.smoke;
    if (port !== undefined) {
      const container = await startContainer(image, port);
      const answer = await container.get(path).finally(() => container.remove());
      expect(answer).toEqual({ status, body: expect.stringContaining(body) as string });
    } else if (ends) {
      expect(await outputOf(image)).toContain(output);
    } else {
      const { log, stopMs } = await startWorker(image, output);
      expect(log).toContain(output);
      expect(stopMs).toBeLessThan(9_000);
    }
  });
});
