/**
 * `npm run bench`: docker-python against what a user would pick instead, side by side on this machine.
 *
 *   npm run bench -- --only=edit,edit-bytes --contenders=docker-python,uv --runs=5 --services=20
 *
 * Prints a table of medians and ratios, and writes it with the facts of the machine to tools/bench/results. Needs an
 * engine and package indexes; takes the better part of an hour with everything.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBaseImages } from '../base-images/ensure-base-images';
import { ensureEngine } from '../engine/ensure-engine';
import { main, run, say, step, ToolError } from '../shell';
import { CASES, type Bench } from './cases';
import { CONTENDERS, type Contender } from './contenders';
import { INFERENCE } from './inference';
import { loadNow, losses, machine, table, type Result } from './table';
import { benchWorkspace, ensureBase, removeImages, type BenchWorkspace } from './workspace';

const ALL = [...CASES, ...INFERENCE];

interface Options {
  readonly cases: typeof ALL;
  readonly contenders: readonly Contender[];
  readonly runs: number;
  readonly services: number;
}

function readOptions(argv: readonly string[]): Options {
  const given = new Map(argv.map((word) => /^--([a-z]+)=(.+)$/.exec(word)?.slice(1, 3) as [string, string]));
  const unknown = argv.find((word) => !/^--(only|contenders|runs|services)=.+$/.test(word));
  if (unknown !== undefined) {
    throw new ToolError(
      `${unknown} is no option. Options: --only=, --contenders=, --runs=, --services=.\nCases: ${ALL.map(({ name }) => name).join(', ')}\nContenders: ${CONTENDERS.map(({ name }) => name).join(', ')}`,
    );
  }
  const only = given.get('only')?.split(',');
  const contenders = given.get('contenders')?.split(',');
  return {
    cases: ALL.filter(({ name }) => only === undefined || only.includes(name)),
    contenders: CONTENDERS.filter(
      ({ name }) => contenders === undefined || contenders.some((part) => name.includes(part)),
    ),
    runs: Number(given.get('runs') ?? 5),
    services: Number(given.get('services') ?? 20),
  };
}

void main(async () => {
  const options = readOptions(process.argv.slice(2));
  const started = new Date();
  await ensureEngine();
  await ensureBaseImages();
  await ensureBase();
  const workspaces = new Map<Contender, BenchWorkspace>();
  const results: Result[] = [];
  try {
    if (options.cases.some((wanted) => CASES.includes(wanted))) await setUp(options, workspaces);
    const bench: Bench = { runs: options.runs, workspaces };
    for (const wanted of options.cases) {
      const load = loadNow();
      const measurements = await step(wanted.title, () => wanted.measure(bench));
      results.push({ of: wanted, measurements, load });
    }
  } finally {
    for (const { root } of workspaces.values()) rmSync(root, { recursive: true, force: true });
    await removeImages();
    if (results.length > 0) await publish(results, options, started);
  }
});

/** A workspace for each contender, its first service built once, so that no case pays for another one. */
async function setUp(
  { contenders, services }: Options,
  workspaces: Map<Contender, BenchWorkspace>,
): Promise<void> {
  const names = Array.from({ length: services }, (_, i) => `bench-${i}`);
  for (const contender of contenders) {
    await step(`setting up ${contender.name}`, async () => {
      const workspace = await benchWorkspace(contender.name.replace(/[^a-z]+/g, '-'), names);
      workspaces.set(contender, workspace);
      await contender.setUp(workspace);
      await workspace.commit('set up');
      await contender.build(workspace, names.slice(0, 1), { cold: false });
    });
  }
}

async function publish(
  results: readonly Result[],
  { runs, services, contenders }: Options,
  started: Date,
): Promise<void> {
  const engine = (await run('docker', ['version', '--format', '{{.Server.Version}}'])).trim();
  const day = started.toISOString().slice(0, 16).replace(':', '.');
  const lost = losses(results);
  const text = [
    `# Benchmark of ${day.replace('T', ' ')} UTC`,
    '',
    `Machine: ${machine(engine)}. ${services} services in one uv workspace, ${runs} runs a case, medians. "Load" is the one-minute`,
    'load of the machine when a case began: above the number of its processors, times are upper bounds and only ratios',
    'of cases that are far apart mean something. All build on the same base image, and Nx runs without its daemon.',
    '',
    table(results),
    '',
    lost.length > 0 ? '## Where another one is better' : 'In none of these cases is another one better.',
    '',
    ...lost,
    '',
    '## How each is set up',
    '',
    ...contenders.map(({ name, source }) => `- ${name}: ${source}.`),
    '',
  ].join('\n');
  const folder = join(__dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${day}.md`), text);
  say(`\n${text}\ntools/bench/results/${day}.md`);
}
