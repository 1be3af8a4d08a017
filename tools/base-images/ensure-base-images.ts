/** The base images that tests and demo build on: see ensureBaseImages. */

import { availableParallelism } from 'node:os';
import { installPackages } from '../engine/apt';
import { readDebianMirrors } from '../engine/apt-sources';
import { readHost } from '../engine/host';
import { attempt, say, step, ToolError } from '../shell';
import { defaultTag, officialTagsOf, releasesOf, type PythonRelease } from './releases';
import { buildStandIn } from './stand-in';

const REGISTRY_ANSWERS_WITHIN_MS = 10_000;
const PULL_WITHIN_MS = 300_000;

/** A base image that is in the engine. `standIn` is the Debian suite it was made from, if it was made here. */
export interface BaseImage {
  readonly python: string;
  readonly image: string;
  readonly standIn?: string;
}

/**
 * Makes sure that the engine has `python:<version>-slim-trixie` and `python:<version>-slim` for each
 * version (all known ones by default): those that are present stay, others are pulled, and where no
 * registry answers a stand-in is built from Debian's packages, which takes root on Debian or Ubuntu.
 * Needs a running engine. Throws a ToolError.
 */
export async function ensureBaseImages(versions?: readonly string[]): Promise<BaseImage[]> {
  const releases = releasesOf(versions);
  const present = await Promise.all(releases.map(isPresent));
  const absent = releases.filter((_, index) => !present[index]);
  if (absent.length > 0) {
    const left = (await registryAnswers(absent)) ? await pullAll(absent) : absent;
    if (left.length > 0) await buildAll(left);
  }
  return Promise.all(releases.map(describe));
}

async function isPresent(release: PythonRelease): Promise<boolean> {
  const tags = officialTagsOf(release);
  const found = await Promise.all(tags.map((tag) => attempt('docker', ['image', 'inspect', tag])));
  return found.every((result) => result.ok);
}

/** Asked once for all, by a request for a manifest: nothing is downloaded. */
async function registryAnswers(releases: readonly PythonRelease[]): Promise<boolean> {
  const [first] = releases;
  if (first === undefined) return false;
  const question = ['buildx', 'imagetools', 'inspect', defaultTag(first)];
  const answer = await attempt('docker', question, { timeoutMs: REGISTRY_ANSWERS_WITHIN_MS });
  if (!answer.ok) say(`No image registry can be reached: ${lastLine(answer.output)}`);
  return answer.ok;
}

/** Pulls one after the other and returns what could not be pulled. */
async function pullAll(releases: readonly PythonRelease[]): Promise<PythonRelease[]> {
  const failed: PythonRelease[] = [];
  for (const release of releases) {
    for (const tag of officialTagsOf(release)) {
      const pull = await step(`pulling ${tag}`, () =>
        attempt('docker', ['pull', '--quiet', tag], { timeoutMs: PULL_WITHIN_MS }),
      );
      if (pull.ok) continue;
      say(`  ${tag} cannot be pulled: ${lastLine(pull.output)}`);
      failed.push(release);
      break;
    }
  }
  return failed;
}

/** Builds as many at a time as there are processors. */
async function buildAll(releases: readonly PythonRelease[]): Promise<void> {
  const host = readHost();
  if (host.obstacle !== undefined) {
    const tags = releases.map(defaultTag).join(', ');
    throw new ToolError(
      `Not in the engine: ${tags}. They cannot be pulled, and stand-ins cannot be made: ${host.obstacle}.\n` +
        'Load the images into the engine, or give it access to an image registry or its mirror.',
    );
  }
  const mirrors = readDebianMirrors();
  if (mirrors === undefined) throw new ToolError('No Debian mirror is configured in /etc/apt.');
  const tools = ['mmdebstrap', 'debian-archive-keyring'];
  if (!(await attempt('mmdebstrap', ['--version'])).ok) {
    await step(`installing ${tools.join(', ')}`, () => installPackages(tools));
  }
  const queue = [...releases];
  const worker = async (): Promise<void> => {
    for (let release = queue.shift(); release !== undefined; release = queue.shift()) {
      const next = release;
      await step(`making a stand-in for Python ${next.python} from Debian ${next.suite}`, () =>
        buildStandIn(next, mirrors),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), queue.length) }, worker));
}

async function describe(release: PythonRelease): Promise<BaseImage> {
  const image = defaultTag(release);
  const format = '{{with .Config.Labels}}{{index . "docker-python.stand-in"}}{{end}}';
  const { stdout } = await attempt('docker', ['image', 'inspect', '--format', format, image]);
  const suite = stdout.trim();
  return { python: release.python, image, ...(suite === '' ? {} : { standIn: suite }) };
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
