import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, Engine, ImageConfig } from '../engine/types';
import { DockerPythonError } from '../errors';

/** What is in an image, as a program inside of it sees it. Lists hold the first few examples. */
export interface Contents {
  readonly python: string;
  /** `glibc 2.41`; empty for another C library. */
  readonly libc: string;
  /** The application and its packages. */
  readonly codeFolders: readonly string[];
  readonly dangling: readonly string[];
  readonly compilers: readonly string[];
  readonly packageManagers: readonly string[];
  readonly setuid: readonly string[];
  readonly leftovers: readonly string[];
  readonly editable: readonly string[];
  readonly unresolved: readonly string[];
  readonly inconsistent: readonly string[];
  readonly timestamped: readonly string[];
  readonly uncompiled: readonly string[];
  readonly uncompiledStdlib: readonly string[];
  readonly early: readonly string[];
  readonly recent: readonly string[];
  readonly writable: readonly string[];
  readonly secretFiles: readonly string[];
  readonly timeZones: boolean;
  /** The home folder, if an arbitrary user cannot write it. */
  readonly home: string;
  /** Users for whom `pwd.getpwuid()` fails. */
  readonly nameless: readonly number[];
}

/** An image, looked at from outside and from inside. */
export interface Survey {
  readonly config: ImageConfig;
  readonly contents: Contents;
}

/**
 * Looks at an image without starting its application: one container without network runs our own program in the
 * image's Python, and is gone afterwards.
 *
 * @param labels mark the container as ours
 * @returns undefined if the engine has no such image
 * @throws DockerPythonError IMAGE_UNREADABLE if no `python3` can be started in it
 */
export async function surveyImage(
  engine: Pick<Engine, 'config' | 'run'>,
  reference: string,
  labels: Readonly<Record<string, string>>,
): Promise<Survey | undefined> {
  const config = await engine.config(reference);
  if (!config) return undefined;
  const container = await engine.run({
    image: reference,
    entrypoint: 'python3',
    command: ['-I', '-B', '-c', program(), config.user],
    labels,
    user: '0:0',
    network: 'none',
    hardening: { readOnlyRoot: true, dropCapabilities: false, noNewPrivileges: true },
    tmpfs: ['/tmp'],
  });
  try {
    await container.wait();
    return { config, contents: await readContents(container, reference) };
  } finally {
    await container.remove();
  }
}

async function readContents(container: Container, reference: string): Promise<Contents> {
  const output = await container.logs();
  const document = output.split('\n').find((line) => line.startsWith('{"python"'));
  if (document !== undefined) return JSON.parse(document) as Contents;
  const said = (await container.state()).error || output.split('\n').at(-1)!;
  throw new DockerPythonError({
    code: 'IMAGE_UNREADABLE',
    message: `The image ${reference} has no Python that can look at it: ${said}`,
    hint: 'It needs a python3 of version 3.9 or later on PATH. An image for something else has nothing to be told here.',
  });
}

function program(): string {
  return readFileSync(join(__dirname, 'survey.py'), 'utf8');
}
