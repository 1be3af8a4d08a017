import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startRegistry } from '../registry/start-registry';
import { attempt, run, ToolError } from '../shell';
import { firstAnswer } from '../workspace/http';
import { compressedLayers } from '../workspace/layers';
import { OURS, type Contender } from './contenders';
import { bump, LIBRARY, ownPackage, removeImages, SERVICE, type BenchWorkspace } from './workspace';

/** Samples of one contender in one case. */
export interface Measurement {
  readonly contender: string;
  readonly unit: 's' | 'MB' | 'bytes' | 'images';
  readonly samples: readonly number[];
}

/** What the cases share: one workspace for each contender, with all services built once. */
export interface Bench {
  readonly runs: number;
  readonly workspaces: ReadonlyMap<Contender, BenchWorkspace>;
}

export interface Case {
  readonly name: string;
  readonly title: string;
  /** Why docker-python cannot be ahead of everyone here, where it cannot. */
  readonly limit?: string;
  measure(bench: Bench): Promise<readonly Measurement[]>;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Does a thing so often, with the number of the time. */
async function times<T>(runs: number, work: (i: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let i = 0; i < runs; i++) results.push(await work(i));
  return results;
}

/** One case for each contender, one after the other: two at a time would measure each other. */
function forEach(
  unit: Measurement['unit'],
  sample: (contender: Contender, workspace: BenchWorkspace, i: number) => Promise<number>,
): Case['measure'] {
  return async ({ workspaces, runs }) => {
    const measurements: Measurement[] = [];
    for (const [contender, workspace] of workspaces)
      measurements.push({
        contender: contender.name,
        unit,
        samples: await times(runs, (i) => sample(contender, workspace, i)),
      });
    return measurements;
  };
}

const first = (workspace: BenchWorkspace): string => workspace.services[0]!;

async function imageIds(contender: Contender, services: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    services.map((name) =>
      attempt('docker', ['image', 'inspect', '--format={{.RootFS.Layers}}', contender.image(name)]),
    ),
  );
  return found.map(({ stdout }) => stdout.trim());
}

let edits = 0;

/** Without it BuildKit would remember the edits of an earlier run. */
const RUN = Date.now().toString(36);

function edit(workspace: BenchWorkspace, path: string): void {
  const text = workspace.read(path).replace(/\n# edit \S+\n$/, '\n');
  workspace.write(path, `${text.trimEnd()}\n# edit ${RUN}-${++edits}\n`);
}

/** Builds all, bumps what one service alone installs, builds all: the seconds, and how many images are others. */
async function bumped(
  contender: Contender,
  workspace: BenchWorkspace,
  service: string,
): Promise<{ readonly seconds: number; readonly images: readonly boolean[] }> {
  const { services } = workspace;
  const old = workspace.read('uv.lock');
  await contender.follow?.(workspace);
  await contender.build(workspace, services, { cold: false });
  const before = await imageIds(contender, services);
  await bump(workspace, service);
  const took = await seconds(async () => {
    await contender.follow?.(workspace);
    await contender.build(workspace, services, { cold: false });
  });
  const after = await imageIds(contender, services);
  workspace.write('uv.lock', old);
  return { seconds: took, images: after.map((id, i) => id !== before[i]) };
}

const buildCold = forEach('s', (contender, workspace) =>
  seconds(() => contender.build(workspace, [first(workspace)], { cold: true })),
);

export const CASES: readonly Case[] = [
  {
    name: 'cold',
    title: 'one service from nothing: no layer cache, and none of downloads',
    limit:
      'packages of the system, the virtual environment and the bytecode of the standard library are made anew too; every further service of the workspace shares them',
    async measure({ workspaces, runs }) {
      const able = new Map([...workspaces].filter(([{ canBeCold }]) => canBeCold !== false));
      return buildCold({ workspaces: able, runs });
    },
  },
  {
    name: 'nothing',
    title: 'nothing changed, one service',
    limit:
      'a plain engine call has no Nx around it; what Nx itself takes is a row of its own, and it is all there is',
    measure: forEach('s', async (contender, workspace) => {
      await contender.build(workspace, [first(workspace)], { cold: false });
      return seconds(() => contender.build(workspace, [first(workspace)], { cold: false }));
    }),
  },
  {
    name: 'nx',
    title: 'a target that does nothing, in the workspace of docker-python: what Nx itself takes',
    async measure({ workspaces, runs }) {
      const [contender, workspace] = [...workspaces].find(([{ name }]) => name === OURS)!;
      const argv = ['run-many', '--targets=noop', `--projects=${first(workspace)}`, '--output-style=static'];
      const samples = await times(runs, () => seconds(() => workspace.nx(...argv)));
      return [{ contender: contender.name, unit: 's', samples }];
    },
  },
  {
    name: 'edit',
    title: 'one line of a service edited',
    limit:
      'Nx and the start of a task are in it, and the compiling of bytecode, which the plain Dockerfile leaves to every start of a container',
    measure: forEach('s', async (contender, workspace) => {
      edit(workspace, SERVICE(first(workspace)));
      return seconds(() => contender.build(workspace, [first(workspace)], { cold: false }));
    }),
  },
  {
    name: 'edit-bytes',
    title: 'one line of a service edited: compressed bytes of new layers',
    limit: 'the plain Dockerfile sends the source alone; the bytecode of the edited module comes on top',
    measure: forEach('bytes', async (contender, workspace) => {
      const image = contender.image(first(workspace));
      await contender.build(workspace, [first(workspace)], { cold: false });
      const known = new Set((await compressedLayers(image)).map(({ digest }) => digest));
      edit(workspace, SERVICE(first(workspace)));
      await contender.build(workspace, [first(workspace)], { cold: false });
      const layers = await compressedLayers(image);
      return layers.filter(({ digest }) => !known.has(digest)).reduce((sum, { size }) => sum + size, 0);
    }),
  },
  {
    name: 'library',
    title: 'one line of the library edited, one service built',
    limit:
      'the wheel of a library is built alone, and its bytecode is made; an edit of a service does not do it again',
    measure: forEach('s', async (contender, workspace) => {
      edit(workspace, LIBRARY);
      return seconds(() => contender.build(workspace, [first(workspace)], { cold: false }));
    }),
  },
  {
    name: 'bump',
    title: 'a package bumped in the lock of all services, which one in ten installs: all built',
    async measure({ workspaces }) {
      const measurements: Measurement[] = [];
      for (const [contender, workspace] of workspaces) {
        const service = workspace.services.at(-1)!;
        const bumpedPackage = ownPackage(service);
        const result = await bumped(contender, workspace, service);
        const changed = (own: boolean): number =>
          result.images.filter(
            (isNew, i) => isNew && own === (ownPackage(workspace.services[i]!) === bumpedPackage),
          ).length;
        measurements.push(
          { contender: contender.name, unit: 's', samples: [result.seconds] },
          { contender: `${contender.name}: others rebuilt`, unit: 'images', samples: [changed(false)] },
          { contender: `${contender.name}: its own rebuilt`, unit: 'images', samples: [changed(true)] },
        );
      }
      return measurements;
    },
  },
  {
    name: 'size',
    title: 'compressed size of the image without its base',
    limit:
      'the bytecode of the standard library is in it, 4.5 MB, which official images leave out and every start would make again',
    measure: forEach('MB', async (contender, workspace) => {
      const base = new Set((await compressedLayers('docker-python-bench-base')).map(({ digest }) => digest));
      const layers = await compressedLayers(contender.image(first(workspace)));
      return layers.filter(({ digest }) => !base.has(digest)).reduce((sum, { size }) => sum + size, 0) / 1e6;
    }),
  },
  {
    name: 'import',
    title: 'importing the application in a new container',
    measure: forEach('s', (contender, workspace) => {
      const module = `${first(workspace).replaceAll('-', '_')}.main`;
      return seconds(() =>
        run('docker', [
          'run',
          '--rm',
          '--entrypoint=python',
          contender.image(first(workspace)),
          '-c',
          `import ${module}`,
        ]),
      );
    }),
  },
  {
    name: 'container',
    title: 'a container that does nothing: what the engine itself takes',
    measure: forEach('s', (contender, workspace) =>
      seconds(() => run('docker', ['run', '--rm', '--entrypoint=true', contender.image(first(workspace))])),
    ),
  },
  {
    name: 'answer',
    title: 'from docker run to the first answer',
    limit:
      "most of it is the engine's start of a container, a row of its own; and pip, run as root in the image, leaves the standard library's bytecode behind in the plain one",
    measure: forEach('s', (contender, workspace) => firstAnswerOf(contender.image(first(workspace)))),
  },
  {
    // The last one: it leaves no image behind.
    name: 'fresh',
    title: 'a fresh machine, no service changed: docker-python asks the registry, the others build',
    async measure({ workspaces }) {
      const measurements: Measurement[] = [];
      for (const [contender, workspace] of workspaces) {
        if (contender.canBeCold === false) continue;
        const took =
          contender.name === OURS
            ? await fromRegistry(workspace)
            : await seconds(() => contender.build(workspace, workspace.services, { cold: true }));
        measurements.push({ contender: contender.name, unit: 's', samples: [took] });
      }
      return measurements;
    },
  },
];

/**
 * A machine with neither images nor records, and a registry that has all images: seconds until Nx says that all of them
 * are tested and there. One run: after it the machine is no longer new.
 */
async function fromRegistry(workspace: BenchWorkspace): Promise<number> {
  const { services, root } = workspace;
  const registry = await startRegistry();
  const settings = workspace.read('nx.json');
  const push = (): Promise<string> =>
    workspace.nx(
      ...['run-many', '--targets=push', `--projects=${services.join(',')}`],
      ...['--batch', '--output-style=static'],
    );
  try {
    const nxJson = JSON.parse(settings) as { plugins: [{ options: { defaults: object } }] };
    Object.assign(nxJson.plugins[0].options.defaults, { registry: `${registry.host}/bench` });
    workspace.write('nx.json', JSON.stringify(nxJson));
    await workspace.commit('a registry');
    await push();
    for (const folder of ['.nx', 'dist']) rmSync(join(root, folder), { recursive: true, force: true });
    await removeImages();
    let output = '';
    const took = await seconds(async () => (output = await push()));
    const unchanged = output.match(/unchanged: the registry has the image/g) ?? [];
    if (unchanged.length !== services.length) throw new ToolError(`Something was built:\n${output}`);
    return took;
  } finally {
    workspace.write('nx.json', settings);
    await workspace.commit('no registry');
    await registry.stop();
  }
}

async function firstAnswerOf(image: string): Promise<number> {
  const started = performance.now();
  const id = (await run('docker', ['run', '--detach', '--publish=127.0.0.1::8000', image])).trim();
  try {
    const address = (await run('docker', ['port', id, '8000/tcp'])).trim().split('\n')[0]!;
    await firstAnswer(`http://${address}/`, 600);
    return (performance.now() - started) / 1000;
  } finally {
    await attempt('docker', ['rm', '--force', id]);
  }
}
