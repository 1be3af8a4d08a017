import { join } from 'node:path';
import type { FileSource } from '../detection/files';
import type { PinnedProject } from '../detection/managers';
import { parseSpecifiers, parseVersion, satisfies } from '../detection/managers/pep440';
import { OUTPUT } from '../detection/managers/tools';
import { buildFailure } from '../engine/failures';
import type { ProcessResult, ProcessRunner } from '../engine/process';
import type { BuildRequest, Engine } from '../engine/types';
import { DockerPythonError } from '../errors';
import { builtFiles } from './built-files';
import { inScratchFolder, type ScratchFolder } from './scratch-folder';

/** What an export needs beside the project. */
export interface Exporters {
  readonly start: ProcessRunner;
  readonly engine: Pick<Engine, 'build'>;
  /** A Dockerfile whose stage {@link LIST_STAGE} is nothing but the file `/list`. */
  readonly dockerfile: string;
  /** Workspace-relative files that the stages before that one mount beside those of the manager: scripts of the user. */
  readonly scripts: readonly string[];
  readonly build: Pick<BuildRequest, 'buildArgs' | 'inputs' | 'extraArgs'>;
}

/** The stage that an export in the engine builds, and its one file. */
export const LIST_STAGE = 'list';

/** Long enough for a stale lock on a slow line: uv resolves before it says so. */
const EXPORT_TIMEOUT_MS = 300_000;
const PROBE_TIMEOUT_MS = 10_000;

/**
 * What a project installs of a shared lock, as the manager itself exports it: by the `uv` of this machine where the
 * project allows its version, else in the engine.
 *
 * @throws DockerPythonError LOCK_OUT_OF_DATE where the manager refuses its lock, or what the engine says
 */
export async function exportList(
  files: FileSource,
  { manager, shared }: PinnedProject,
  exporters: Exporters,
): Promise<string> {
  const seen = [...shared.exporter.files, ...exporters.scripts];
  const texts = seen.map((path) => [path, files.read(path) ?? ''] as const);
  return inScratchFolder(Object.fromEntries(texts), async (folder) => {
    const here = manager.value === 'uv' && (await hasUv(exporters.start, shared.requiredVersion));
    return (here ? await onHost(folder, shared, exporters.start) : undefined) ?? inEngine(folder, exporters);
  });
}

/** Whether this machine has a uv that the project allows. */
async function hasUv(start: ProcessRunner, required: string | undefined): Promise<boolean> {
  const probe = await start('uv', ['--version'], { output: 'capture', timeoutMs: PROBE_TIMEOUT_MS });
  const version = probe.exitCode === 0 ? parseVersion(/^uv (\S+)/.exec(probe.stdout)?.[1] ?? '') : undefined;
  const clauses = parseSpecifiers(/^\d/.test(required ?? '') ? `==${required}` : (required ?? ''));
  return version !== undefined && clauses !== undefined && satisfies(version, clauses);
}

/** Undefined where this uv cannot do it, for want of an interpreter or because it is too old: the engine can. */
async function onHost(
  { root, read }: ScratchFolder,
  { root: project, exporter, lock }: PinnedProject['shared'],
  start: ProcessRunner,
): Promise<string | undefined> {
  const output = EXPORTED[exporter.format ?? 'requirements'];
  for (const [program = '', ...words] of exporter.commands) {
    const argv = words.map((word) => word.replaceAll(OUTPUT, join(root, output)));
    const result = await start(program, ['--directory', join(root, project), ...argv], {
      output: 'capture',
      timeoutMs: EXPORT_TIMEOUT_MS,
    });
    if (result.exitCode !== 0) {
      refuseStaleLock(result, lock);
      return undefined;
    }
  }
  return read(output);
}

/** uv writes a pylock.toml only under such a name. */
const EXPORTED = { requirements: 'exported.txt', pylock: 'pylock.toml' } as const;

function refuseStaleLock(result: ProcessResult, lock: string): void {
  const failure = buildFailure(result, { dockerfile: lock });
  if (failure.code !== 'LOCK_OUT_OF_DATE') return;
  throw new DockerPythonError({
    code: failure.code,
    message: `${lock} does not match the manifests of its projects. ${failure.message}`,
    hint: `${failure.hint} Then run "npx nx sync".`,
  });
}

async function inEngine({ root }: ScratchFolder, { engine, dockerfile, build }: Exporters): Promise<string> {
  const request = { dockerfile, target: LIST_STAGE, build: { workspaceRoot: root, ...build } };
  return builtFiles(engine, request, (read) => read('list'));
}
