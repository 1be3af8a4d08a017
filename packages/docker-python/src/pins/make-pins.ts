import { knownFailure } from '../engine/failures';
import type { Engine } from '../engine/types';
import { DockerPythonError } from '../errors';
import { PINS_FAILED, PINS_FOLDER, PINS_LOG, PINS_STAGE, RESOLVED_AT } from '../render/pins';
import { builtFiles, type FileBuild } from '../slices/built-files';

/** What the engine needs to make pins. */
export interface PinOrder extends Pick<FileBuild, 'dockerfile' | 'ignore' | 'build'> {
  /** Workspace-relative. */
  readonly outputs: readonly string[];
  /** Any text that no earlier run had: an index is asked anew. */
  readonly now: string;
}

/** More of a resolver's output would not be read. */
const LOG_LINES = 80;

/**
 * Makes pins anew in the engine.
 *
 * @returns text of every output, by its path; nothing is written into the workspace
 * @throws DockerPythonError PINS_UNRESOLVED with the resolver's own words, or what the engine says
 */
export async function makePins(
  engine: Pick<Engine, 'build'>,
  { outputs, now, build, ...order }: PinOrder,
): Promise<ReadonlyMap<string, string>> {
  const request = {
    ...order,
    target: PINS_STAGE,
    build: { ...build, buildArgs: { ...build.buildArgs, [RESOLVED_AT]: now } },
  };
  return builtFiles(engine, request, (read) => {
    if (read(PINS_FAILED) !== undefined) throw unresolved(read(PINS_LOG) ?? '');
    const texts = outputs.map((path) => [path, read(`${PINS_FOLDER}/${path}`)] as const);
    const made = texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
    return made.length === outputs.length ? new Map(made) : undefined;
  });
}

function unresolved(log: string): DockerPythonError {
  const said = log.trim().split('\n').slice(-LOG_LINES).join('\n');
  const known = knownFailure(log);
  return new DockerPythonError({
    code: 'PINS_UNRESOLVED',
    message: `The resolver found no pins, and nothing was written.${known ? ` ${known.message}` : ''} It says:\n\n${said}`,
    hint: known?.hint ?? 'Correct the requirement or the index that it names, and run pin-deps again.',
  });
}
