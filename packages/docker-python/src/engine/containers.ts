import type { Argv } from './argv';
import { readState, readSummaries } from './container-state';
import type { Container, Containers, RunSpec } from './container-types';
import { clientFailure } from './failures';
import type { ProcessResult, ProcessRunner } from './process';
import { publicationOf } from './publication';
import { clientEnvironment, listArgv, runArgv } from './run-argv';

const GONE = /no such container|is already in progress/i;

/**
 * Containers through the docker client.
 *
 * @param environment what the client sees
 */
export function dockerContainers(
  start: ProcessRunner,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Containers {
  const { on, reachedAt } = publicationOf(environment);
  const ask = (argv: Argv, env?: Readonly<Record<string, string>>): Promise<ProcessResult> =>
    start('docker', argv, { output: 'capture', ...(env ? { env } : {}) });
  const demand = async (argv: Argv, doing: string): Promise<string> => {
    const result = await ask(argv);
    if (result.exitCode !== 0) throw clientFailure(result, doing);
    return result.stdout;
  };
  const removeAll = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    const result = await ask(['rm', '--force', '--volumes', ...ids]);
    if (result.exitCode !== 0 && !GONE.test(result.stderr))
      throw clientFailure(result, 'removing containers');
  };

  return {
    async run(spec) {
      const result = await ask(runArgv(spec, on), clientEnvironment(spec.env));
      const id = /^[0-9a-f]{64}$/m.exec(result.stdout)?.[0];
      // A program that does not exist in the image: the container is there, and says why in its state.
      if (id === undefined) throw clientFailure(result, `starting ${spec.image}`);
      return container(id, await addresses(id, spec, reachedAt, ask), { ask, demand, removeAll, start });
    },

    async list(label) {
      const ids = (await demand(listArgv(label), 'listing containers')).split('\n').filter(Boolean);
      if (ids.length === 0) return [];
      // One of them may go away in between: what is still there is printed all the same.
      return readSummaries((await ask(['container', 'inspect', ...ids])).stdout);
    },

    removeAll,
  };
}

interface Client {
  readonly ask: (argv: Argv) => Promise<ProcessResult>;
  readonly demand: (argv: Argv, doing: string) => Promise<string>;
  readonly removeAll: (ids: readonly string[]) => Promise<void>;
  readonly start: ProcessRunner;
}

function container(
  id: string,
  published: Container['addresses'],
  { ask, demand, removeAll, start }: Client,
): Container {
  return {
    id,
    addresses: published,
    state: async () =>
      readState(await demand(['container', 'inspect', id], 'asking for the state of a container')),
    async logs(tail) {
      const { stdout, stderr } = await ask(['logs', ...(tail === undefined ? [] : [`--tail=${tail}`]), id]);
      return [stdout, stderr].filter(Boolean).join('\n').trimEnd();
    },
    async follow() {
      await start('docker', ['logs', '--follow', id], { output: 'show' });
    },
    exec: (argv, timeoutMs) =>
      start('docker', ['exec', id, ...argv], {
        output: 'capture',
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      }),
    async wait() {
      await demand(['wait', id], 'waiting for a container');
    },
    async stop(seconds) {
      await demand(['stop', `--time=${seconds}`, id], 'stopping a container');
    },
    remove: () => removeAll([id]),
  };
}

/** Where the published ports are. A container that has ended already has none. */
async function addresses(
  id: string,
  spec: RunSpec,
  host: string,
  ask: (argv: Argv) => Promise<ProcessResult>,
): Promise<Container['addresses']> {
  const found: Record<number, string> = {};
  for (const { container: port } of spec.ports ?? []) {
    const { stdout } = await ask(['port', id, `${port}/tcp`]);
    const published = /:(\d+)$/m.exec(stdout)?.[1];
    if (published) found[port] = `${host}:${published}`;
  }
  return found;
}
