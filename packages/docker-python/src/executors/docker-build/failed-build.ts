import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { buildArgv } from '../../engine/argv';
import { FailedStep } from '../../engine/failed-step';
import { findProxies } from '../../engine/proxies';
import type { BuildRequest } from '../../engine/types';
import { DockerPythonError } from '../../errors';
import type { ImageDesign } from '../../pipeline/design-image';
import { recordPath } from '../../record/image-record';
import { debugDockerfile, SHELL, STEP, type DebugDockerfile } from '../../render/debugging/debug-dockerfile';
import { ownership } from '../../render/managed';
import { PROXIES_SECRET } from '../../render/instructions';
import { shellLine } from '../../render/shell';
import { fileToEdit } from './file-to-edit';

/** A build that was asked for. */
export interface AttemptedBuild {
  readonly design: ImageDesign;
  readonly request: Omit<BuildRequest, 'tags'>;
}

/** Of the images that end before a failing step. */
const DEBUG_REPOSITORY = 'docker-python-debug';

/**
 * Does a build; where it fails at a step, the error says which one, its last words, the file to edit, and a command
 * that opens a shell just before it. For that it writes a Dockerfile beside the image records.
 *
 * @throws DockerPythonError from the build
 */
export async function explained<T>(attempted: AttemptedBuild, build: () => Promise<T>): Promise<T> {
  try {
    return await build();
  } catch (error) {
    throw error instanceof DockerPythonError && error.cause instanceof FailedStep
      ? withDetail(error, error.cause, attempted)
      : error;
  }
}

function withDetail(
  error: DockerPythonError,
  step: FailedStep,
  attempted: AttemptedBuild,
): DockerPythonError {
  const text = readFileSync(attempted.request.dockerfile, 'utf8');
  const detail = [
    `The step that failed: ${step.name}, ${placeOf(attempted, step)}`,
    ...(step.log.length > 0 ? ['It ended with:', ...step.log.map((line) => `    ${line}`)] : []),
    fileToMend(error, attempted.design, step, ownership(text) === 'managed'),
    ...shellBefore(attempted, step, text),
  ].join('\n');
  return new DockerPythonError({
    code: error.code,
    message: error.message,
    hint: error.hint,
    detail,
    cause: step,
  });
}

/** A lock is not edited: its tool makes it anew from a manifest that is right. */
function fileToMend(
  { code }: DockerPythonError,
  design: ImageDesign,
  step: FailedStep,
  managed: boolean,
): string {
  const { shared, lock } = design.project;
  const stale = code === 'LOCK_OUT_OF_DATE' ? (shared?.lock ?? lock?.value) : undefined;
  return stale === undefined
    ? `The file to edit: ${fileToEdit(design, step, managed)}`
    : `The file to lock again: ${stale}`;
}

/** Where the step stands: a Dockerfile that was rendered for this run is gone when the reader looks. */
function placeOf({ request, design }: AttemptedBuild, { line }: FailedStep): string {
  const [dockerfile] = design.managed;
  return join(request.workspaceRoot, dockerfile.path) === request.dockerfile
    ? `line ${line} of ${dockerfile.path}`
    : 'of the Dockerfile that the options of this run ask for';
}

function shellBefore(attempted: AttemptedBuild, step: FailedStep, text: string): readonly string[] {
  const { request, design } = attempted;
  const debug = debugDockerfile(text, step.line, lentVariables(request));
  if (!debug) return [];
  const path = posix.join(posix.dirname(recordPath(design.project.root, '')), 'debug.Dockerfile');
  const absolute = join(request.workspaceRoot, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, debug.text);
  writeFileSync(`${absolute}.dockerignore`, readFileSync(`${request.dockerfile}.dockerignore`, 'utf8'));
  const { buildEnvFile } = design.settings.settings;
  const fromFile = Object.keys(request.inputs.env).filter((name) =>
    Object.values(lentVariables(request)).includes(name),
  );
  return [
    ...(fromFile.length > 0
      ? [`For the next command, export what only ${buildEnvFile} has: ${fromFile.join(', ')}`]
      : []),
    `A shell just before it, from the root of the workspace${debug.script ? `; "sh ${STEP}" runs the step` : ''}:`,
    ...debugCommand(
      request,
      `${DEBUG_REPOSITORY}:${design.project.distribution.value}`,
      path,
      debug,
      step,
    ).map((line) => `    ${line}`),
  ];
}

/** Secrets that the reader's own environment has. The one with the proxies is made for a build and gone after it. */
function lentVariables({ inputs }: Pick<BuildRequest, 'inputs'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs.secretVariables).filter(([id]) => id !== PROXIES_SECRET));
}

/** The command as lines to copy: the layers are there already, so that the build takes a moment. */
function debugCommand(
  request: Omit<BuildRequest, 'tags'>,
  image: string,
  dockerfile: string,
  debug: DebugDockerfile,
  { platform }: Pick<FailedStep, 'platform'>,
): readonly string[] {
  // By name, as variables of a container: nothing records what happens in this image.
  const proxies = findProxies(process.env).ofEnvironment;
  const secretVariables = lentVariables(request);
  const build = buildArgv({
    ...request,
    inputs: { ...request.inputs, secretVariables, argumentVariables: proxies, emptyArguments: [] },
    attestations: {},
    dockerfile,
    workspaceRoot: '.',
    target: debug.stage,
    tags: [image],
    labels: {},
    platforms: platform === undefined ? request.platforms.slice(0, 1) : [platform],
    noCache: false,
    pull: false,
  });
  const secrets = debug.secrets.flatMap(({ id, target }) => {
    const file = request.inputs.secretFiles[id];
    if (file !== undefined && target !== undefined && existsSync(file))
      return [`--volume=${file}:${target}:ro`];
    const variable = secretVariables[id];
    return variable === undefined ? [] : [`--env=${variable}`];
  });
  const given = [...new Set(secrets), ...proxies.map((name) => `--env=${name}`)];
  const run = ['run', '--rm', '-it', ...given, '--entrypoint=sh', image, ...(debug.shell ? [SHELL] : [])];
  return [`${shellLine(['docker', ...build])} \\`, `  && ${shellLine(['docker', ...run])}`];
}
