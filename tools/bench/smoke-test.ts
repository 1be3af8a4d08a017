/**
 * What a smoke test adds to the start and stop of the application itself, side by side:
 *   npx tsx tools/bench/smoke-test.ts <image of a server> [port]
 * Prints medians; asserts nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { dockerContainers } from '../../packages/docker-python/src/engine/containers';
import { readConfig } from '../../packages/docker-python/src/engine/image-config';
import { runArgv } from '../../packages/docker-python/src/engine/run-argv';
import { get } from '../../packages/docker-python/src/smoke/probe';
import { runSmokeTest, runSpecOf } from '../../packages/docker-python/src/smoke/run-smoke-test';
import { smokeSpec } from '../../packages/docker-python/src/smoke/spec';
import { main, run, say, ToolError } from '../shell';
import { toolRunner } from '../workspace/process-runner';

const RUNS = 7;
const LABELS = { 'docker-python.bench': '1' };

void main(async () => {
  const [image, port = '8000'] = process.argv.slice(2);
  if (image === undefined)
    throw new ToolError('Give the image of a server: tools/bench/smoke-test.ts <image>');
  const web = { name: 'web', launcher: 'web', command: ['web'], port: Number(port) };
  const spec = smokeSpec(web, [web], {}, {}, [], {});
  const config = readConfig(await run('docker', ['image', 'inspect', image]));
  if (config === undefined) throw new ToolError(`The engine does not describe ${image}. Build it here.`);
  const calls: string[] = [];
  const engine = dockerContainers(async (program, argv, options) => {
    const began = performance.now();
    const result = await toolRunner(program, argv, options);
    calls.push(`${argv.slice(0, 2).join(' ').slice(0, 18)} ${(performance.now() - began).toFixed(0)} ms`);
    return result;
  });
  const bare: number[] = [];
  const tested: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    bare.push(
      await timed(() => startAndStop(runArgv(runSpecOf(image, spec, LABELS), '127.0.0.1'), Number(port))),
    );
    calls.length = 0;
    tested.push(
      await timed(async () => {
        const pause = (ms: number): Promise<void> => sleep(ms);
        const { judgement } = await runSmokeTest({
          engine,
          reference: image,
          image: config,
          spec,
          labels: LABELS,
          pause,
        });
        if (judgement) throw new ToolError(`${image} fails its smoke test: ${judgement.cause}`);
      }),
    );
  }
  const [a, b] = [median(bare), median(tested)];
  say(`docker run, a request, docker stop   ${a.toFixed(0)} ms`);
  say(
    `the same as a smoke test             ${b.toFixed(0)} ms: ${(b - a).toFixed(0)} ms more, ratio ${(b / a).toFixed(2)}`,
  );
  say(`its calls of the last run: ${calls.join(', ')}`);
});

/** What one would type to see that an image works. */
async function startAndStop(argv: readonly string[], port: number): Promise<void> {
  const id = (await run('docker', argv)).trim();
  const address = (await run('docker', ['port', id, `${port}/tcp`])).split('\n')[0]!;
  while (!(await get(`http://${address}/`, 1_000))) await sleep(20);
  await run('docker', ['stop', id]);
  await run('docker', ['rm', '--volumes', id]);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
