import { randomUUID } from 'node:crypto';
import { docker } from './docker';
import type { Workspace } from './workspace';

/** What a change led to. */
export interface Outcome {
  /** Projects whose docker-build `nx affected` ran or restored. */
  readonly selected: readonly string[];
  /** Projects whose image has another digest, with the layers that are new in it. */
  readonly rebuilt: Readonly<Record<string, readonly string[]>>;
  /** What the builds said. */
  readonly output: string;
}

/** The layers of an image that are its own, from the top. The first is empty but for the folder. */
const LAYERS = ['working directory', 'processes', 'application', 'libraries', 'dependencies', 'stdlib'];
const WITHOUT_LIBRARIES = LAYERS.filter((name) => name !== 'libraries');

interface State {
  readonly id: string;
  readonly layers: readonly string[];
}

async function stateOf(image: string): Promise<State> {
  const [id, layers] = (
    await docker('image', 'inspect', '--format={{.Id}} {{json .RootFS.Layers}}', image)
  ).split(' ');
  return { id: id!, layers: JSON.parse(layers!) as string[] };
}

/** A workspace whose images are compared before and after changes. */
export class Services {
  constructor(
    readonly workspace: Workspace,
    /** Project, which is the image's name as well, to whether it has libraries. */
    readonly images: Readonly<Record<string, boolean>>,
  ) {}

  private async states(): Promise<Map<string, State>> {
    const names = Object.keys(this.images);
    const states = await Promise.all(names.map(stateOf));
    return new Map(names.map((name, at) => [name, states[at]!]));
  }

  /** Makes a change as a developer does, managed files included, and builds what is affected. */
  async change(work: () => unknown): Promise<Outcome> {
    const { workspace } = this;
    const before = await this.states();
    await work();
    // Made again, as when a test is run once more, a change changes nothing, and nothing is built for it.
    const { output: changed } = await workspace.run('git', ['status', '--porcelain']);
    if (changed === '') throw new Error('There is no change: what is built for it cannot be seen.');
    await workspace.nx('sync');
    await workspace.commit('a change');
    const argv = ['-t', 'docker-build', '--base=HEAD~1', '--outputStyle=static', '--parallel=2'];
    const output = await workspace.nx('affected', ...argv);
    const selected = new Set(
      [...output.matchAll(/^> nx run ([\w-]+):docker-build/gm)].map(([, name]) => name!),
    );
    const rebuilt: Record<string, readonly string[]> = {};
    for (const [name, { id, layers }] of await this.states()) {
      const old = before.get(name)!;
      if (old.id === id) continue;
      const names = this.images[name] ? LAYERS : WITHOUT_LIBRARIES;
      const own = layers.toReversed().map((layer, at) => [names[at] ?? 'base', layer] as const);
      const fresh = own.filter(([, layer]) => !old.layers.includes(layer)).map(([layer]) => layer);
      rebuilt[name] = [...new Set(fresh)];
    }
    return { selected: [...selected].sort(), rebuilt, output };
  }
}

/** A change, the services whose images are built for it, and the layers that are new in them. */
export type Row = readonly [change: string, services: string, layers: readonly string[], work: () => unknown];

const ALL = 'abcdefgh';

/**
 * The rows that are the same whoever locks, in a workspace of the services a to h, of which d has a library of its own,
 * a and b the library core, and c the same through another one.
 */
export function commonRows(workspace: () => Workspace): readonly Row[] {
  const write = (files: Readonly<Record<string, string>>) => () => {
    for (const [path, text] of Object.entries(files)) workspace().write(path, text);
  };
  return [
    ['code of one service', 'd', ['application'], write({ 'services/d/main.py': 'print("D")\n' })],
    [
      'code of a library that three use, one through another',
      'abc',
      ['libraries'],
      write({ 'libs/core/core/__init__.py': 'NAME = "CORE"\n' }),
    ],
    [
      'tests, documentation, a project of another language',
      '',
      [],
      write({
        'services/a/tests/test_a.py': `X = ${Date.now()}\n`,
        'services/b/README.md': '# B\n',
        'libs/core/tests/test_core.py': 'X = 2\n',
        'web/index.js': 'console.log("other");\n',
      }),
    ],
    [
      'settings of one service',
      'h',
      [],
      write({
        'services/h/docker-python.json':
          '{ "version": 1, "command": ["python", "main.py"], "env": { "A": "1" } }\n',
      }),
    ],
    ['a default of the whole workspace', ALL, [], () => writeDefaults(workspace(), { env: { TEAM: 'x' } })],
  ];
}

/**
 * Another base image for the whole workspace: one that differs by a file, as after a release of the distribution.
 *
 * @param name of that image
 */
export function baseRow(workspace: () => Workspace, name: string): Row {
  const work = async (): Promise<void> => {
    // Content that no engine has met.
    const text = `FROM python:3.13-slim-trixie\nRUN echo ${randomUUID()} > /etc/base-version\n`;
    workspace().write('.nx/base/Dockerfile', text);
    const folder = `${workspace().root}/.nx/base`;
    await docker('buildx', 'build', '--quiet', '--provenance=false', '--load', '--tag', name, folder);
    writeDefaults(workspace(), { base: name });
  };
  return ['another base image for the whole workspace', ALL, ['base'], work];
}

/** Gives the whole workspace defaults, as nx.json has them. */
function writeDefaults(workspace: Workspace, defaults: object): void {
  const nx = JSON.parse(workspace.read('nx.json')) as Record<string, unknown>;
  const plugins = [{ plugin: 'docker-python', options: { defaults } }];
  workspace.write('nx.json', JSON.stringify({ ...nx, plugins }));
}
