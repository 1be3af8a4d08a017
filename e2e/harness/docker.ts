import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from '../../tools/shell';
import { firstAnswer, request, type Answer } from '../../tools/workspace/http';

export { manifestOf } from '../../tools/workspace/layers';

/** What `docker` prints, which must have succeeded. */
export async function docker(...argv: string[]): Promise<string> {
  return (await run('docker', argv)).trim();
}

/** A container of a test: answers requests and goes away at the end. */
export interface RunningContainer {
  readonly id: string;
  /** `http://127.0.0.1:32768` */
  readonly address: string;
  get(path: string): Promise<Answer>;
  logs(): Promise<string>;
  remove(): Promise<void>;
}

/** Marks the containers of tests, so that what a broken-off run leaves behind can be found. */
const LABEL = '--label=docker-python.test=1';

/** What a container of an image prints until it ends. */
export async function outputOf(image: string): Promise<string> {
  return docker('run', '--rm', LABEL, image);
}

/** What a container has written so far. */
export async function logOf(id: string): Promise<string> {
  return (await attempt('docker', ['logs', id])).output;
}

/** Waits until a running container has written a text: how long that takes, a busy machine decides. */
export async function untilLogged(id: string, text: string, seconds = 120): Promise<void> {
  const last = performance.now() + seconds * 1000;
  for (;;) {
    const running = await docker('inspect', '--format={{.State.Running}}', id);
    const log = await logOf(id);
    if (running !== 'true') throw new Error(`it ended by itself:\n${log}`);
    if (log.includes(text)) return;
    if (performance.now() > last) throw new Error(`it has not said "${text}" within ${seconds} s:\n${log}`);
    await sleep(200);
  }
}

/**
 * Starts a process that serves nothing and never ends, waits for a text in its log, and asks it to stop.
 *
 * @returns its log, and how long it took to stop
 */
export async function startWorker(
  image: string,
  text: string,
): Promise<{ readonly log: string; readonly stopMs: number }> {
  const id = await docker('run', '--detach', LABEL, image);
  try {
    await untilLogged(id, text);
    const asked = performance.now();
    await docker('stop', '--timeout=30', id);
    return { log: await logOf(id), stopMs: performance.now() - asked };
  } finally {
    await attempt('docker', ['rm', '--force', '--volumes', id]);
  }
}

/** Starts an image with one port on loopback and waits until it answers. */
export async function startContainer(image: string, port: number): Promise<RunningContainer> {
  const id = await docker('run', '--detach', LABEL, `--publish=127.0.0.1::${port}`, image);
  const address = (await docker('port', id, `${port}/tcp`)).split('\n')[0]!;
  const logs = (): Promise<string> => logOf(id);
  const container: RunningContainer = {
    id,
    address: `http://${address}`,
    logs,
    get: (path) => request(`http://${address}${path}`),
    async remove() {
      await attempt('docker', ['rm', '--force', '--volumes', id]);
    },
  };
  try {
    await firstAnswer(`http://${address}/`, 600);
    return container;
  } catch {
    const said = await logs();
    await container.remove();
    throw new Error(`${image} does not answer on port ${port}:\n${said}`);
  }
}

/** What a build without the plugin is told so that it trusts what this host trusts. */
export const TRUST = '--secret=id=ca,src=/etc/ssl/certs/ca-certificates.crt';

/**
 * Removes all tags of repositories, by name: an image's id would take the tags of other projects along. An engine may
 * outlive a run of the tests that was broken off, with its images and with the containers that use them, so that files
 * which expect a build call this before they begin as well.
 */
export async function removeImages(...repositories: string[]): Promise<void> {
  const filters = repositories.map((repository) => `--filter=reference=${repository}`);
  const listed = await docker('images', '--format={{.Repository}}:{{.Tag}}', ...filters);
  const names = listed.split('\n').filter((name) => name !== '' && !name.endsWith(':<none>'));
  if (names.length > 0) await attempt('docker', ['rmi', '--force', ...names]);
}

/**
 * The default base image under a name of its own, as files of a workspace. BuildKit lets builds that run at one time
 * share their steps, and while one of them goes without the cache the others do too: a file that builds so has to
 * build from another name than the files beside it.
 *
 * @param name of whoever builds
 * @returns the name of the image, and `nx.json` that makes it the base of all projects
 */
export async function baseOfItsOwn(
  name: string,
): Promise<{ readonly base: string; readonly nxJson: string }> {
  const base = `${name}-base/python:3.13-slim-trixie`;
  await docker('tag', 'python:3.13-slim-trixie', base);
  const plugins = [{ plugin: 'docker-python', options: { defaults: { base } } }];
  return { base, nxJson: JSON.stringify({ defaultBase: 'main', analytics: false, plugins }, null, 2) };
}
