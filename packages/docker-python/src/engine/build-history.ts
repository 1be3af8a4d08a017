import type { ProcessResult, ProcessRunner } from './process';
import type { BuildRequest } from './types';

/** A line of `docker buildx history ls --format json`. Source: that command, buildx 0.20 and later. */
interface Listed {
  readonly ref: string;
  readonly created_at: string;
}

/** The part of `docker buildx history inspect --format json` that is read. */
interface Inspected {
  readonly Dockerfile?: string;
  readonly Target?: string;
  /** An excerpt of the Dockerfile with the failing line, base64. */
  readonly Error?: { readonly Sources?: string };
}

/** How many failed builds are looked at: others may fail on the same builder at the same time. */
const CANDIDATES = 5;

/**
 * What a build that failed has printed, asked of the builder: BuildKit's display on a terminal cannot be kept.
 *
 * @param since when the build began, milliseconds
 * @returns the same text as with plain progress; empty where the builder keeps no history
 */
export async function outputOfFailed(
  start: ProcessRunner,
  request: Pick<BuildRequest, 'dockerfile' | 'target'>,
  since: number,
): Promise<string> {
  const history = (...argv: string[]): Promise<ProcessResult> =>
    start('docker', ['buildx', 'history', ...argv], { output: 'capture' });
  const { stdout } = await history('ls', '--filter=status=error', '--no-trunc', '--format=json');
  const listed = stdout
    .split('\n')
    .flatMap(parsed<Listed>)
    // The clocks of client and builder may differ by a little.
    .filter(({ created_at }) => Date.parse(created_at) >= since - 5_000)
    .slice(0, CANDIDATES);
  for (const { ref } of listed) {
    const id = ref.split('/').at(-1)!;
    const [inspected] = parsed<Inspected>((await history('inspect', '--format=json', id)).stdout);
    if (inspected?.Target !== request.target || !isSame(inspected.Dockerfile, request.dockerfile)) continue;
    const excerpt = Buffer.from(inspected.Error?.Sources ?? '', 'base64').toString('utf8');
    const log = await history('logs', '--progress=plain', id);
    return `${log.stdout}\n${log.stderr}\n${excerpt}`;
  }
  return '';
}

/** The record has the path as the client resolved it, which may be relative. */
function isSame(recorded: string | undefined, path: string): boolean {
  const [a, b] = [recorded ?? '', path].map((text) => text.replaceAll('\\', '/')) as [string, string];
  return a !== '' && (a === b || b.endsWith(`/${a.replace(/^\.\//, '')}`));
}

function parsed<T>(text: string): readonly T[] {
  try {
    return [JSON.parse(text) as T];
  } catch {
    return [];
  }
}
