import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { processRunner } from '../engine/process';
import { say, sayBeside } from '../engine/words';
import { tempFolder, writeFiles } from '../testing/temp-folder';
import { batchOf, type TaskResult } from './batch';

const root = tempFolder();

const task = (project: string, configuration?: string): object => ({
  projectRoot: project,
  target: { project, target: 'push', ...(configuration === undefined ? {} : { configuration }) },
});

const graph = {
  tasks: { 'a:push': task('a'), 'b:push': task('b', 'dev'), 'c:push': task('c') },
  dependencies: { 'a:push': [], 'b:push': ['a:push'], 'c:push': [{ id: 'b:push' }] },
} as unknown as TaskGraph;

async function run(executor: (options: { word: string }, context: ExecutorContext) => Promise<boolean>) {
  const batch = batchOf<{ word: string }>(async (...asked) => ({ success: await executor(...asked) }), 4);
  const inputs = { 'a:push': { word: 'one' }, 'b:push': { word: 'two' }, 'c:push': { word: 'three' } };
  const results: TaskResult[] = [];
  for await (const result of batch(graph, inputs, { word: '' }, { root } as ExecutorContext))
    results.push(result);
  return results;
}

it('gives each task its own options, context and output, the processes it starts included', async () => {
  const start = processRunner();
  const results = await run(async ({ word }, { projectName, configurationName }) => {
    say(`${projectName} ${configurationName ?? '-'}`);
    await start(process.execPath, ['-e', `console.log("${word}"); console.error("beside")`], {
      output: 'both',
    });
    const { stdout } = await start(process.execPath, ['-e', 'console.log("asked")'], { output: 'capture' });
    sayBeside(`kept ${stdout}`);
    return word !== 'two';
  });
  expect(results.map(({ task: id, result }) => [id, result.success, result.terminalOutput])).toEqual([
    ['a:push', true, 'a -\nbeside\none\nkept asked\n'],
    ['b:push', false, 'b dev\nbeside\ntwo\nkept asked\n'],
    ['c:push', true, 'c -\nbeside\nthree\nkept asked\n'],
  ]);
});

it('gives each task the variables of its own files, and so its processes', async () => {
  writeFiles(root, { '.env.push': 'BATCH_WORD=all\n', 'a/.env': 'BATCH_WORD=own\nBATCH_OTHER=x\n' });
  const start = processRunner();
  const printed = ['-e', 'console.log(process.env.BATCH_WORD, process.env.BATCH_OTHER)'];
  const results = await run(async () => {
    say(`${process.env['BATCH_WORD']}`);
    await start(process.execPath, printed, { output: 'both' });
    return true;
  });
  expect(results.map(({ result }) => result.terminalOutput)).toEqual([
    'own\nown x\n',
    'all\nall undefined\n',
    'all\nall undefined\n',
  ]);
  expect(process.env['BATCH_WORD']).toBeUndefined();
});

it('starts nothing before what it depends on has ended', async () => {
  const order: string[] = [];
  await run(async ({ word }) => {
    order.push(`${word} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${word} ends`);
    return true;
  });
  expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
});
