/** Where to get buildkitd without its image: from its Go module. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { places } from '../engine/prefix';
import { attempt, run, step, ToolError } from '../shell';

/** One that Go 1.24 can build; later ones want a later Go. */
const VERSION = 'v0.26.3';
const OLDEST_GO = '1.24.3';

/**
 * The path of `buildkitd`, built once for each machine, which takes about two minutes. Throws a ToolError where there is
 * no Go to build it with.
 */
export async function findBuildkitd(): Promise<string> {
  const program = join(places.buildkitRoot, VERSION, 'buildkitd');
  if (!existsSync(program)) await step(`building buildkitd ${VERSION} from its Go module`, build);
  return program;
}

/** As BuildKit's own module, whose go.mod rules out some versions: `go install` refuses such a one. */
async function build(): Promise<void> {
  if (!(await attempt('go', ['version'])).ok) {
    throw new ToolError(
      `The tests of builders elsewhere need buildkitd, which is built from its Go module, and this machine has no Go. Install Go ${OLDEST_GO} or later (golang-go in Debian 13).`,
    );
  }
  await mkdir(places.buildkitRoot, { recursive: true });
  const work = await mkdtemp(join(places.buildkitRoot, 'build-'));
  try {
    const download = await run('go', ['mod', 'download', '-json', `github.com/moby/buildkit@${VERSION}`], {
      cwd: work,
    });
    const { Dir: sources } = JSON.parse(download) as { readonly Dir: string };
    const argv = [
      '-C',
      sources,
      '-trimpath',
      '-ldflags=-s -w',
      '-o',
      join(work, 'buildkitd'),
      './cmd/buildkitd',
    ];
    await run('go', ['build', ...argv], { env: { CGO_ENABLED: '0' } });
    // Moved into place last: what exists is complete. Of two that build at once, the first one wins.
    const place = join(places.buildkitRoot, VERSION);
    await rename(work, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
